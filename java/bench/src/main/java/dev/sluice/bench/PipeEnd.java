package dev.sluice.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;

/**
 * A pipe of the default size and the thread at its far end, which ends when its bytes have passed
 * or the near end is closed: see {@code pipe_end.rs}.
 */
final class PipeEnd implements Closeable {
  private static final long NONE = 0;

  private Pipe pipe = Pipe.open();
  private long thread = NONE;

  PipeEnd() throws IOException {}

  Pipe pipe() {
    return pipe;
  }

  /** A pipe of its own for each round: Sluice widens those that much goes through. */
  void renew() throws IOException {
    close();
    pipe = Pipe.open();
  }

  /** Lets it throw away the next bytes. */
  void empty(long bytes) throws IOException {
    int descriptor = ChannelDescriptor.of(pipe.source());
    thread = NativeLibrary.checked("emptying the pipe", emptyPipe0(descriptor, bytes));
  }

  /** Lets it supply the beginning of a file, several times over. */
  void fill(FileChannel file, long region, int passes) throws IOException {
    int from = ChannelDescriptor.of(file);
    int to = ChannelDescriptor.of(pipe.sink());
    thread = NativeLibrary.checked("filling the pipe", fillPipe0(from, to, region, passes));
  }

  /** Waits until it has done what it was told. */
  void done() throws IOException {
    NativeLibrary.checked("the far end of the pipe", join());
  }

  /** Closes both sides and waits for its end, whatever it has done. */
  @Override
  public void close() throws IOException {
    pipe.source().close();
    pipe.sink().close();
    join();
  }

  private long join() {
    if (thread == NONE) {
      return 0;
    }
    long joined = thread;
    thread = NONE;
    return joinPipeEnd0(joined);
  }

  /** Starts a thread that empties a pipe: what {@link #joinPipeEnd0} takes. */
  private static native long emptyPipe0(int pipe, long bytes);

  /** Starts a thread that fills a pipe: what {@link #joinPipeEnd0} takes. */
  private static native long fillPipe0(int file, int pipe, long region, int passes);

  /** Waits for such a thread. To be called once for each. */
  private static native long joinPipeEnd0(long pipeEnd);
}

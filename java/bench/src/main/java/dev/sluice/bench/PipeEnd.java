package dev.sluice.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;

/**
 * The thread at the far end of a pipe, which ends when its bytes have passed or the near end is
 * closed: see {@code pipe_end.rs}.
 */
final class PipeEnd {
  private static final long NONE = 0;

  private long thread = NONE;

  /** Lets it throw away the next bytes. */
  void empty(Pipe pipe, long bytes) throws IOException {
    int descriptor = Native.selectableDescriptor0(pipe.source());
    thread = Native.checked("emptying the pipe", Native.emptyPipe0(descriptor, bytes));
  }

  /** Lets it supply the beginning of a file, several times over. */
  void fill(Pipe pipe, FileChannel file, long region, int passes) throws IOException {
    int from = Native.fileDescriptor0(file);
    int to = Native.selectableDescriptor0(pipe.sink());
    thread = Native.checked("filling the pipe", Native.fillPipe0(from, to, region, passes));
  }

  /** Waits until it has done what it was told. */
  void done() throws IOException {
    Native.checked("the far end of the pipe", join());
  }

  /** Waits for its end after both sides of the pipe were closed, whatever it has done. */
  void abandoned() {
    join();
  }

  private long join() {
    if (thread == NONE) {
      return 0;
    }
    long joined = thread;
    thread = NONE;
    return Native.joinPipeEnd0(joined);
  }
}

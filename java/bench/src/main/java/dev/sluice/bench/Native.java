package dev.sluice.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;

/**
 * The natives of {@code rust/sluice-bench}: the C baseline, the counters and what the JDK does not
 * tell. They answer a value or {@code -errno}.
 *
 * <p>The C loop that goes through a buffer keeps one for each thread that calls it, until it ends;
 * those that go through a pipe are given one.
 */
public final class Native {
  private static final String LIBRARY_PROPERTY = "dev.sluice.bench.library";

  private Native() {}

  /** Loads the library that the build names. */
  public static void load() throws IOException {
    String library = System.getProperty(LIBRARY_PROPERTY);
    if (library == null) {
      throw new IOException(
          "the system property " + LIBRARY_PROPERTY + " is not set: run ./gradlew compare");
    }
    try {
      System.load(Path.of(library).toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("cannot load the C baseline: " + e.getMessage(), e);
    }
  }

  /**
   * The value a native answered.
   *
   * @throws IOException for {@code -errno}; names the call and the reason
   */
  public static long checked(String call, long answer) throws IOException {
    if (answer < 0) {
      int errno = (int) -answer;
      String message = call + ": " + describeErrno0(errno);
      throw RefusedCallException.isRefusal(errno)
          ? new RefusedCallException(message)
          : new IOException(message);
    }
    return answer;
  }

  public static native int fileDescriptor0(FileChannel channel);

  public static native int selectableDescriptor0(SelectableChannel channel);

  public static native long sendfile0(int source, int target, long region, long piece);

  public static native long copyFileRange0(int source, int target, long region, long piece);

  public static native long receiveAndWrite0(int source, int target, long region, long piece);

  public static native long spliceToFile0(
      int source, int target, long region, long piece, int reader, int writer);

  public static native long spliceToStream0(
      int source, int target, long region, long piece, int reader, int writer);

  public static native long spliceIntoPipe0(int source, int target, long region, long piece);

  public static native long spliceOutOfPipe0(int source, int target, long region, long piece);

  /** Has a pipe hold 1 MiB, or as much as the user may have: how much it holds. */
  public static native long growPipe0(int pipe);

  /** Starts a thread that empties a pipe: what {@link #joinPipeEnd0} takes. */
  static native long emptyPipe0(int pipe, long bytes);

  /** Starts a thread that fills a pipe: what {@link #joinPipeEnd0} takes. */
  static native long fillPipe0(int file, int pipe, long region, int passes);

  /** Waits for such a thread, to be called once. */
  static native long joinPipeEnd0(long pipeEnd);

  static native long useReno0(int socket);

  static native long threadCpuNanos0();

  static native long tracepoint0();

  /** Starts to trace the system calls of the calling thread: what {@link #stopTrace0} takes. */
  static native long startTrace0(long tracepoint);

  /** Ends a trace, to be called once: a line {@code NAME CALLS ANSWERED} for each call, or null. */
  static native String stopTrace0(long trace);

  static native void threadUsage0(long[] usage);

  static native long processCpuNanos0();

  static native long dropFromCache0(int file);

  static native long residentPages0(int file);

  static native boolean isTerminal0(int descriptor);

  private static native String describeErrno0(int errno);
}

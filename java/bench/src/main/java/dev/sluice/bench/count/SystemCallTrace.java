package dev.sluice.bench.count;

import dev.sluice.bench.measure.NativeLibrary;
import java.io.Closeable;
import java.io.IOException;

/**
 * A perf event on the thread that opened it: see {@code system_calls.rs}. As long as it is open,
 * every system call of every thread is slower, and to close it takes tens of milliseconds.
 */
final class SystemCallTrace implements Closeable {
  private final Thread thread = Thread.currentThread();
  private final long trace;

  /** An event on the current thread, which records nothing yet. */
  SystemCallTrace(long tracepoint) throws IOException {
    trace = NativeLibrary.checked("perf_event_open", open0(tracepoint));
  }

  boolean isOfThisThread() {
    return thread == Thread.currentThread();
  }

  /** Records the calls of its thread, which is the current one, from now on. */
  void start() throws IOException {
    NativeLibrary.checked("ioctl(PERF_EVENT_IOC_ENABLE)", start0(trace));
  }

  /**
   * A line {@code NAME CALLS ANSWERED} for each call since the start, or null if some were lost.
   */
  String stop() {
    return stop0(trace);
  }

  @Override
  public void close() {
    close0(trace);
  }

  private static native long open0(long tracepoint);

  private static native long start0(long trace);

  private static native String stop0(long trace);

  private static native void close0(long trace);
}

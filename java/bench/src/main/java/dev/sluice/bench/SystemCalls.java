package dev.sluice.bench;

import java.io.IOException;

/**
 * Counts the system calls of the thread that opened it, exactly, where the kernel permits: see
 * {@code system_calls.rs}. Where it does not, there is no figure; there is never a guess.
 */
final class SystemCalls implements AutoCloseable {
  private static final int NONE = -1;

  private final int counter;
  private final String how;

  private SystemCalls(int counter, String how) {
    this.counter = counter;
    this.how = how;
  }

  static SystemCalls open() {
    try {
      long tracepoint = Native.checked("tracefs", Native.tracepoint0());
      long counter = Native.checked("perf_event_open", Native.openCounter0(tracepoint));
      return new SystemCalls(
          Math.toIntExact(counter), "perf tracepoint raw_syscalls:sys_enter, this thread");
    } catch (IOException e) {
      return new SystemCalls(NONE, "not measured: " + e.getMessage());
    }
  }

  /** How they are counted, or why they are not. */
  String how() {
    return how;
  }

  /** Runs the transfer and answers the system calls that it made, or null if nobody counts. */
  Long count(Transfer transfer) throws IOException {
    if (counter == NONE) {
      transfer.run();
      return null;
    }
    Native.checked("perf event", Native.startCounter0(counter));
    try {
      transfer.run();
    } catch (IOException | RuntimeException | Error e) {
      Native.stopCounter0(counter);
      throw e;
    }
    return Native.checked("perf event", Native.stopCounter0(counter));
  }

  @Override
  public void close() {
    if (counter != NONE) {
      Native.closeCounter0(counter);
    }
  }
}

package dev.sluice.bench.count;

import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;

/**
 * The system calls of a thread, counted exactly where the kernel permits it: see {@code
 * system_calls.rs}. Where it does not, there is no figure, and never a guess.
 */
public final class SystemCalls {
  private static final long NONE = -1;
  private final long tracepoint;
  private final String how;

  private SystemCalls(long tracepoint, String how) {
    this.tracepoint = tracepoint;
    this.how = how;
  }

  public static SystemCalls open() {
    try {
      long tracepoint = NativeLibrary.checked("tracefs", tracepoint0());
      // Whether the kernel lets this process have one.
      new SystemCallTrace(tracepoint).close();
      return new SystemCalls(tracepoint, "perf tracepoint raw_syscalls:sys_exit, this thread");
    } catch (IOException e) {
      String instead =
          Strace.isThere() ? "; in the textbook's table, by strace of a process of its own" : "";
      return new SystemCalls(NONE, "not measured: " + e.getMessage() + instead);
    }
  }

  /** How the system calls are counted, or why they are not. */
  public String how() {
    return how;
  }

  public boolean areCounted() {
    return tracepoint != NONE;
  }

  /** Counts those of several transfers, until it is closed. */
  public SystemCallCounter counter() {
    return new SystemCallCounter(areCounted() ? () -> new SystemCallTrace(tracepoint) : null);
  }

  private static native long tracepoint0();
}

package dev.sluice.bench.count;

import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.io.IOException;
import java.util.List;

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
      stopTrace0(NativeLibrary.checked("perf_event_open", startTrace0(tracepoint)));
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

  /**
   * Runs a transfer and answers the system calls of the thread that transfers. Null if they are not
   * counted, or if the kernel lost some.
   */
  public List<SystemCall> during(Fixture fixture, Transfer transfer) throws IOException {
    if (tracepoint == NONE) {
      transfer.run();
      return null;
    }
    long trace =
        fixture.inWorker(() -> NativeLibrary.checked("perf_event_open", startTrace0(tracepoint)));
    String lines;
    try {
      transfer.run();
    } finally {
      lines = stopTrace0(trace);
    }
    return lines == null ? null : lines.lines().map(SystemCalls::parsed).toList();
  }

  private static SystemCall parsed(String line) {
    String[] words = line.split(" ");
    return new SystemCall(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  private static native long tracepoint0();

  /**
   * Starts to trace the system calls of the calling thread, and answers the number that {@link
   * #stopTrace0} takes.
   */
  private static native long startTrace0(long tracepoint);

  /** Ends a trace, to be called once: a line {@code NAME CALLS ANSWERED} for each call, or null. */
  private static native String stopTrace0(long trace);
}

package dev.sluice.internal.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Collects a report of every transfer and every copy that a thread makes meanwhile. They go the way
 * that they go anyway. While no thread asks, each pays one read of a field.
 */
public final class Explained {
  /** How many threads ask at present. */
  private static final AtomicInteger ASKING = new AtomicInteger();

  private static final ThreadLocal<@Nullable List<ReportBuilder>> REPORTS = new ThreadLocal<>();

  private Explained() {}

  /** What is explained. */
  public interface Action {
    /** Runs it. */
    void run() throws IOException;
  }

  /** Runs an action, and answers the reports of its transfers in the order that they began in. */
  public static List<ReportBuilder> during(Action action) throws IOException {
    List<ReportBuilder> outer = REPORTS.get();
    List<ReportBuilder> own = new ArrayList<>();
    REPORTS.set(own);
    ASKING.incrementAndGet();
    try {
      action.run();
      return own;
    } finally {
      ASKING.decrementAndGet();
      if (outer == null) {
        REPORTS.remove();
      } else {
        outer.addAll(own);
        REPORTS.set(outer);
      }
    }
  }

  /** A report for what the current thread begins, or null if it does not ask. */
  public static @Nullable ReportBuilder report() {
    if (ASKING.get() == 0) {
      return null;
    }
    ReportBuilder report = new ReportBuilder();
    return add(report) ? report : null;
  }

  private static boolean add(ReportBuilder report) {
    List<ReportBuilder> own = REPORTS.get();
    if (own == null) {
      return false;
    }
    report.ended(0, ReportEnding.FAILED);
    own.add(report);
    return true;
  }

  /** The terms of a transfer that the current thread begins, with a report if the thread asks. */
  public static @Nullable Terms terms(@Nullable Terms given) {
    if (ASKING.get() == 0) {
      return given;
    }
    ReportBuilder asked = Terms.report(given);
    if (asked != null) {
      add(asked);
      return given;
    }
    ReportBuilder report = report();
    return report == null ? given : Terms.withReport(given, report);
  }
}

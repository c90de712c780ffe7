package dev.sluice.bench;

import dev.sluice.bench.report.Report;
import java.io.IOException;

/** Measures, and has the report written: at the end, or of what was done when it is interrupted. */
final class ReportedMeasurement {
  private ReportedMeasurement() {}

  /** What measures, and answers whether it came to its end. */
  interface Measuring {
    boolean run() throws IOException;
  }

  /**
   * Measures, and answers the exit status.
   *
   * @param end ends what still measures, when there is an interrupt
   */
  static int run(ReportWriter writer, Runnable end, Measuring measuring) throws IOException {
    Thread interrupted =
        new Thread(
            () -> {
              end.run();
              writer.finish();
            },
            "report of what was done");
    Runtime.getRuntime().addShutdownHook(interrupted);
    if (!measuring.run()) {
      return Compare.UNSOUND;
    }
    writer.complete();
    Report report = writer.finish();
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException e) {
      // It was interrupted at the very end: the hook finds everything written.
      return Compare.UNSOUND;
    }
    return report.sound() ? Compare.SOUND : Compare.UNSOUND;
  }
}

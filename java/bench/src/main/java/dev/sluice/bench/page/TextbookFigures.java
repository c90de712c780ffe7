package dev.sluice.bench.page;

import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.Sharing;
import java.util.Locale;

/** The figures of a row of the textbook's table as they are written: each is for one MiB. */
public record TextbookFigures(
    String book,
    TextbookFigure calls,
    TextbookFigure modeSwitches,
    TextbookFigure userBytes,
    TextbookFigure userMicros,
    TextbookFigure systemMicros,
    TextbookFigure voluntarySwitches,
    TextbookFigure involuntarySwitches,
    TextbookFigure faults,
    TextbookFigure coldBlockReads) {
  private static final double MEBIBYTE = 1 << 20;

  /** The figures of a row that was measured. */
  public static TextbookFigures of(MechanismResult row) {
    Seen seen = row.seen();
    double mebibytes = seen.bytes() / MEBIBYTE;
    Double switches = seen.computedModeSwitches();
    return new TextbookFigures(
        row.book() == null ? "-" : row.book().cpuCopies().split(",")[0],
        TextbookFigure.of("%.1f", seen.calls(), mebibytes),
        TextbookFigure.of("%.1f", switches == null ? null : switches / mebibytes),
        TextbookFigure.of("%.2f", quotient(seen.userSpaceBytes(), seen.bytes())),
        TextbookFigure.of("%.0f", seen.userMicros(), mebibytes),
        TextbookFigure.of("%.0f", seen.systemMicros(), mebibytes),
        TextbookFigure.of("%.2f", seen.voluntarySwitches(), mebibytes),
        TextbookFigure.of("%.2f", seen.involuntarySwitches(), mebibytes),
        TextbookFigure.of("%.1f", sum(seen.minorFaults(), seen.majorFaults()), mebibytes),
        TextbookFigure.of("%.0f", quotient(seen.coldBlockReads(), mebibytes)));
  }

  /** Page faults of both kinds. The interval is not too narrow, whatever goes with what. */
  private static Interval sum(Interval one, Interval other) {
    return new Interval(
        one.low() + other.low(),
        one.median() + other.median(),
        one.high() + other.high(),
        Math.min(one.confidence(), other.confidence()));
  }

  private static Double quotient(Long value, double parts) {
    return value == null ? null : value / parts;
  }

  /** The answer in words, as "shared". */
  public static String words(Sharing.Answer answer) {
    return answer.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

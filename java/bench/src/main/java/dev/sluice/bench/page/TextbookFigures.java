package dev.sluice.bench.page;

import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.Sharing;
import java.util.Locale;

/** The figures of a row of the textbook's table as they are written: each is for one MiB. */
public record TextbookFigures(
    String book,
    String calls,
    String modeSwitches,
    String userBytes,
    String userMicros,
    String systemMicros,
    String voluntarySwitches,
    String involuntarySwitches,
    String faults,
    String coldBlockReads) {
  private static final String NONE = "-";

  /** The figures of a row that was measured. */
  public static TextbookFigures of(MechanismResult row) {
    Seen seen = row.seen();
    double mebibytes = seen.bytes() / (double) (1 << 20);
    return new TextbookFigures(
        row.book() == null ? NONE : row.book().cpuCopies().split(",")[0],
        orNone("%.1f", seen.callsPerMebibyte()),
        orNone("%.1f", seen.modeSwitchesPerMebibyte()),
        seen.userSpaceBytes() == null
            ? NONE
            : Figures.of("%.2f", seen.userSpaceBytes() / (double) seen.bytes()),
        Figures.of("%.0f", seen.userMicros() / mebibytes),
        Figures.of("%.0f", seen.systemMicros() / mebibytes),
        Figures.of("%.2f", seen.voluntarySwitches() / mebibytes),
        Figures.of("%.2f", seen.involuntarySwitches() / mebibytes),
        Figures.of("%.1f", (seen.minorFaults() + seen.majorFaults()) / mebibytes),
        seen.coldBlockReads() == null
            ? NONE
            : Figures.of("%.0f", seen.coldBlockReads() / mebibytes));
  }

  /** Whether a text stands for a figure that was not measured. */
  static boolean isNone(String figure) {
    return figure.equals(NONE);
  }

  /** The answer in words, as "shared". */
  public static String words(Sharing.Answer answer) {
    return answer.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String orNone(String format, Double value) {
    return value == null ? NONE : Figures.of(format, value);
  }
}

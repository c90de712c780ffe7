package dev.sluice.bench.page;

import dev.sluice.bench.report.Interval;
import java.util.Locale;

/** Writes figures, for the terminal and the page alike. */
public final class Figures {
  static final String NOT_MEASURED = "not measured";

  /**
   * A figure of this size and above has no decimals: they would say nothing, and take the room of
   * the next figure.
   */
  private static final double LARGE = 1000;

  private Figures() {}

  public static String speed(Interval interval) {
    return of("%.2f", median(interval));
  }

  public static String cpu(Interval interval) {
    return of("%.3f", median(interval));
  }

  public static String times(Interval interval) {
    return of("%.2f", median(interval));
  }

  public static String calls(Double calls) {
    return of("%.2f", calls);
  }

  public static String micros(double micros) {
    return of("%.2f", micros);
  }

  public static String millis(Interval interval) {
    return of("%.2f", median(interval));
  }

  public static String range(Interval interval) {
    return interval == null
        ? ""
        : of("%.2f", interval.low()) + " .. " + of("%.2f", interval.high());
  }

  public static String of(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, value < LARGE ? format : "%.0f", value);
  }

  private static Double median(Interval interval) {
    return interval == null ? null : interval.median();
  }
}

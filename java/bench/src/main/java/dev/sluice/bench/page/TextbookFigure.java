package dev.sluice.bench.page;

import dev.sluice.bench.report.Interval;

/**
 * A figure of the textbook's table as it is written.
 *
 * @param value null where it was not measured
 * @param range the interval of the median; empty where all passes agree, or there was one only
 */
public record TextbookFigure(Double value, String shown, String range) {
  private static final TextbookFigure NONE = new TextbookFigure(null, "-", "");

  static TextbookFigure of(String format, Double value) {
    return value == null ? NONE : new TextbookFigure(value, Figures.of(format, value), "");
  }

  /** A figure for each of so many parts of a pass. */
  static TextbookFigure of(String format, Interval interval, double parts) {
    if (interval == null) {
      return NONE;
    }
    String low = Figures.of(format, interval.low() / parts);
    String high = Figures.of(format, interval.high() / parts);
    double median = interval.median() / parts;
    return new TextbookFigure(
        median, Figures.of(format, median), low.equals(high) ? "" : low + ".." + high);
  }
}

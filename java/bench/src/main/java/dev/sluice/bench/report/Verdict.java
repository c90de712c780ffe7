package dev.sluice.bench.report;

import java.util.Locale;

/**
 * The verdict on the speed of AUTO over that of another contender. It is made of one ratio for each
 * fresh JVM, because what differs from JVM to JVM does not show in the rounds of one.
 */
public enum Verdict {
  /** All JVMs say faster, and their median is off by the margin or more. */
  WIN,
  /** All JVMs lie within the margin. */
  LEVEL,
  /** All JVMs say slower, and their median is off by the margin or more. */
  LOSS,
  /** The JVMs do not agree, or there were too few of them. */
  NOT_TOLD_APART;

  /** A difference of speed below 5 % is called level. */
  public static final double MARGIN = 0.05;

  /** Two JVMs that agree would do so by chance every other time. */
  public static final int LEAST_JVMS = 3;

  /** So many JVMs let the interval leave out the outermost ratio on either side. */
  private static final int JVMS_FOR_A_NARROWER_INTERVAL = 9;

  /**
   * The verdict on a ratio of speeds.
   *
   * @param ratio the median of the JVMs' ratios, and the interval of them
   * @param jvms how many JVMs there are
   */
  public static Verdict of(Interval ratio, int jvms) {
    if (jvms < LEAST_JVMS) {
      return NOT_TOLD_APART;
    }
    if (ratio.low() > 1 && ratio.median() >= 1 + MARGIN) {
      return WIN;
    }
    if (ratio.high() < 1 && ratio.median() <= 1 - MARGIN) {
      return LOSS;
    }
    boolean isLevel = ratio.low() >= 1 - MARGIN && ratio.high() <= 1 + MARGIN;
    return isLevel ? LEVEL : NOT_TOLD_APART;
  }

  /** What would tell a ratio apart, in one sentence; null where it is told. */
  public static String whatWouldTell(Interval ratio, int jvms) {
    if (of(ratio, jvms) != NOT_TOLD_APART) {
      return null;
    }
    if (jvms < LEAST_JVMS) {
      return String.format(
          Locale.ROOT,
          "more JVMs (--jvms %d): a verdict takes %d, and there %s %d",
          LEAST_JVMS,
          LEAST_JVMS,
          jvms == 1 ? "is" : "are",
          jvms);
    }
    boolean differInSign = ratio.low() <= 1 && ratio.high() >= 1;
    return String.format(
        Locale.ROOT,
        "more JVMs (--jvms %d): the %d there are lie between %.2f and %.2f, %s",
        Math.max(JVMS_FOR_A_NARROWER_INTERVAL, 2 * jvms),
        jvms,
        ratio.low(),
        ratio.high(),
        differInSign ? "on both sides of 1" : "across the limit of 5 %");
  }

  /** In words, as the page and the terminal have it. */
  public String words() {
    return name().replace('_', ' ');
  }
}

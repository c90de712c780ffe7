package dev.sluice.bench.report;

/**
 * The verdict on the speed of one contender over that of another. It takes the spread into account.
 */
public enum Verdict {
  /** Faster by more than the margin, with the whole interval. */
  WIN,
  /** Neither: within the margin, or not told apart by the rounds there were. */
  LEVEL,
  /** Slower by more than the margin, with the whole interval. */
  LOSS;

  /**
   * A difference of speed below 15 % is called level: medians of one cell were up to 12 % apart in
   * two runs, which the interval of a single run does not know.
   */
  public static final double MARGIN = 0.15;

  /**
   * The least confidence of an interval that a verdict is made of. The two hundred-thousandths are
   * for rounding.
   */
  private static final double LEAST_CONFIDENCE = 0.95 - 2e-5;

  /** The verdict on a ratio of speeds. */
  public static Verdict of(Interval ratio) {
    if (ratio.confidence() < LEAST_CONFIDENCE) {
      return LEVEL;
    }
    if (ratio.low() > 1 + MARGIN) {
      return WIN;
    }
    return ratio.high() < 1 - MARGIN ? LOSS : LEVEL;
  }

  /** Whether the whole interval gives the same verdict. */
  public static boolean isClear(Interval ratio) {
    boolean isLevel = ratio.low() > 1 - MARGIN && ratio.high() < 1 + MARGIN;
    return isLevel || of(ratio) != LEVEL;
  }
}

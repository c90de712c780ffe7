package dev.sluice.bench;

/**
 * How many rounds a cell takes at least.
 *
 * @param warmUp of every contender, before those that count
 * @param everybody measured rounds of every contender
 * @param fast measured rounds of those that are not slow
 */
record Pace(int warmUp, int everybody, int fast) {
  /** Six: the fewest of which the smallest and the largest ratio enclose the median with 95 %. */
  private static final Pace USUAL = new Pace(2, 6, 6);

  /** A round of {@code Files.copy} takes a second and more. */
  private static final Pace SPARING = new Pace(1, 6, 20);

  static Pace of(Direction direction) {
    return direction == Direction.SPARSE_COPY ? SPARING : USUAL;
  }
}

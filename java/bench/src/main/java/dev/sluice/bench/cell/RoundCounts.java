package dev.sluice.bench.cell;

/**
 * How many rounds a cell takes at least.
 *
 * @param warmUp of every implementation, before those that count
 * @param everybody measured rounds of every implementation
 * @param fast measured rounds of those that are not slow
 */
public record RoundCounts(int warmUp, int everybody, int fast) {
  /** Six: the fewest of which the smallest and the largest ratio enclose the median with 95 %. */
  private static final RoundCounts USUAL = new RoundCounts(2, 6, 6);

  /** A round of {@code Files.copy} takes a second and more. */
  private static final RoundCounts SPARING = new RoundCounts(1, 6, 20);

  public static RoundCounts of(Direction direction) {
    return direction == Direction.SPARSE_COPY ? SPARING : USUAL;
  }
}

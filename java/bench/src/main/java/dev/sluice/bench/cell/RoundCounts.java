package dev.sluice.bench.cell;

/**
 * The least numbers of rounds in a cell, of every implementation.
 *
 * @param warmUp before the measured ones
 * @param all measured
 */
public record RoundCounts(int warmUp, int all) {
  /**
   * Six rounds are the fewest whose smallest and largest ratio enclose the median with a confidence
   * of 95 %.
   */
  private static final RoundCounts USUAL = new RoundCounts(2, 6);

  /** A round of {@code Files.copy} takes a second and more. */
  private static final RoundCounts SPARING = new RoundCounts(1, 6);

  public static RoundCounts of(Direction direction) {
    return direction == Direction.SPARSE_COPY ? SPARING : USUAL;
  }
}

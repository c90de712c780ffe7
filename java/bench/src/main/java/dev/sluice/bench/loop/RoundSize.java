package dev.sluice.bench.loop;

/**
 * What one round moves: the first {@code region} bytes of the file, in calls that ask for {@code
 * piece} bytes each, {@code passes} times over.
 */
public record RoundSize(long region, long piece, int passes) {
  public long bytes() {
    return region * passes;
  }

  public long calls() {
    return callsPerPass() * passes;
  }

  public long callsPerPass() {
    return (region + piece - 1) / piece;
  }

  /** One pass of the same pieces. */
  public RoundSize once() {
    return new RoundSize(region, piece, 1);
  }
}

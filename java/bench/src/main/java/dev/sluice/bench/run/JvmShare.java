package dev.sluice.bench.run;

/**
 * What one of several fresh JVMs does of each cell.
 *
 * @param number of the JVM, from 1. The first has every contender, and verifies what each moves;
 *     the others have those that verdicts are on
 * @param jvms how many there are
 * @param seconds the time that a cell gets in all of them together
 */
public record JvmShare(int number, int jvms, double seconds) {
  /** The least rounds of those that verdicts are on, in all JVMs together. */
  private static final int LEAST_ROUNDS = 20;

  /** The one JVM that there is. */
  public static JvmShare alone(double seconds) {
    return new JvmShare(1, 1, seconds);
  }

  boolean isFirst() {
    return number == 1;
  }

  /** The time of a cell in this JVM. */
  double secondsHere() {
    return seconds / jvms;
  }

  /** The least rounds of those that verdicts are on, in this JVM. */
  int leastRounds() {
    return (LEAST_ROUNDS + jvms - 1) / jvms;
  }
}

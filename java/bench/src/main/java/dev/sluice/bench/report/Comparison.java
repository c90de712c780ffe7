package dev.sluice.bench.report;

import java.util.List;

/**
 * The speed of AUTO over that of another contender, as the fresh JVMs found it.
 *
 * @param against the other contender
 * @param ratio the median of the JVMs' ratios, and their interval: with eight JVMs or fewer from
 *     the smallest to the largest
 * @param byJvm one for each JVM that had both, in order: the median of the ratios paired within its
 *     rounds
 * @param rounds that had both, of all JVMs
 * @param whatWouldTell what would tell them apart, in one sentence; null where they are
 */
public record Comparison(
    String against,
    Interval ratio,
    List<JvmRatio> byJvm,
    int rounds,
    Verdict verdict,
    String whatWouldTell) {

  /**
   * The ratio that one JVM found.
   *
   * @param jvm counts from 1
   */
  public record JvmRatio(int jvm, double ratio) {}
}

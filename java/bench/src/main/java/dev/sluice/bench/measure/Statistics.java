package dev.sluice.bench.measure;

import dev.sluice.bench.report.Interval;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The few figures that are made of many rounds. None of them supposes a bell curve, because the
 * times of a shared machine have a long tail on one side.
 */
public final class Statistics {
  private Statistics() {}

  /** The middle value; of an even number of values the mean of the two in the middle. */
  public static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    return new Median().evaluate(values);
  }

  /**
   * The value that so many percent of the values do not exceed, interpolated between neighbours.
   */
  public static double percentile(double percent, double... values) {
    return new Percentile(percent).evaluate(values);
  }

  /**
   * The median, and the interval between two of the values themselves that holds the true median
   * with at least the confidence asked for.
   *
   * <p>The number of values below the true median is binomial with p = 1/2 whatever the
   * distribution, so the k-th smallest and the k-th largest value enclose it with probability
   * {@code 1 - 2 P(B < k)}. This takes the largest k that reaches the confidence asked for. With
   * five values or fewer even the smallest and the largest value do not reach 95 %. The interval is
   * then between these two, and carries the confidence that it has.
   */
  public static Interval medianInterval(double confidence, double... values) {
    double median = median(values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    BinomialDistribution below = new BinomialDistribution(null, n, 0.5);
    int best = 1;
    double reached = coverage(below, 1);
    for (int k = 2; 2 * k <= n && coverage(below, k) >= confidence; k++) {
      best = k;
      reached = coverage(below, k);
    }
    return new Interval(sorted[best - 1], median, sorted[n - best], reached);
  }

  private static double coverage(BinomialDistribution below, int k) {
    return 1 - 2 * below.cumulativeProbability(k - 1);
  }
}

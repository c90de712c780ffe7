package dev.sluice.bench;

import dev.sluice.bench.report.Interval;
import java.util.Arrays;

/**
 * The few figures that are made of many rounds, none of which supposes a bell curve: the times of a
 * shared machine have a long tail on one side.
 */
final class Statistics {
  private Statistics() {}

  /** The middle value; of an even number of values the mean of the two in the middle. */
  static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = sorted(values);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The median, and the interval between two of the values themselves that holds the true median
   * with at least the confidence asked for.
   *
   * <p>The number of values below the true median is binomial with p = 1/2 whatever the
   * distribution, so the k-th smallest and the k-th largest value enclose it with probability
   * {@code 1 - 2 P(B < k)}. Of all such k this takes the largest. With five values or fewer even
   * the smallest and the largest do not reach 95 %; then these are taken, and the answer carries
   * the confidence that they have.
   */
  static Interval medianInterval(double confidence, double... values) {
    double median = median(values);
    double[] sorted = sorted(values);
    int n = sorted.length;
    int best = 1;
    double reached = 1 - 2 * binomialBelow(1, n);
    for (int k = 2; 2 * k <= n; k++) {
      double coverage = 1 - 2 * binomialBelow(k, n);
      if (coverage < confidence) {
        break;
      }
      best = k;
      reached = coverage;
    }
    return new Interval(sorted[best - 1], median, sorted[n - best], reached);
  }

  /** P(B < k) for B binomial of n and 1/2, by logarithms so that no n is too large. */
  private static double binomialBelow(int k, int n) {
    double logTerm = -n * Math.log(2);
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += Math.exp(logTerm);
      logTerm += Math.log((double) (n - i) / (i + 1));
    }
    return sum;
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}

package dev.sluice.bench.terminal;

import dev.sluice.bench.measure.Statistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the machine did to the speeds between two reports: a share in each cell, and noise. Both are
 * taken from NIO, the loop and C alone. A change of Sluice's own would else pass for the machine's,
 * because half of the contenders are Sluice's.
 *
 * <p>The rounds of one run know nothing of what differs from run to run: where the bytes lie, what
 * the compiler made of the code. That noise shows in how far each reference moved from the others
 * of its cell. If these distances were drawn from a bell curve, its standard deviation would be
 * 1.4826 times their median size. A change of more than three such deviations is not explained by
 * noise.
 */
final class MachineShare {
  /** Of fewer references, none can be called the odd one. */
  private static final int LEAST_IN_COMMON = 3;

  /** The median of fewer distances tells little. */
  private static final int LEAST_FOR_NOISE = 20;

  private static final double DEVIATIONS = 3;
  private static final double DEVIATION_BY_MEDIAN = 1.4826;

  private final double ofRun;
  private final double noise;

  private MachineShare(double ofRun, double noise) {
    this.ofRun = ofRun;
    this.noise = noise;
  }

  /** The share in a run, whose cells are given by their changes. */
  static MachineShare of(Collection<List<SpeedChange>> cells) {
    List<Double> all = cells.stream().flatMap(cell -> ratios(cell).stream()).toList();
    List<Double> distances = cells.stream().flatMap(cell -> distances(cell).stream()).toList();
    return new MachineShare(
        all.size() < LEAST_IN_COMMON ? 1 : median(all),
        distances.size() < LEAST_FOR_NOISE
            ? 0
            : DEVIATIONS * DEVIATION_BY_MEDIAN * median(distances));
  }

  /** The logarithm of the largest ratio that noise explains; 0 where the reports do not tell. */
  double noise() {
    return noise;
  }

  /**
   * The ratio that the machine moved a cell by. Two references that contradict each other are
   * judged by what the run moved by, and so is a cell with fewer.
   */
  double in(List<SpeedChange> cell) {
    List<Double> votes = new ArrayList<>(ratios(cell));
    if (votes.size() < LEAST_IN_COMMON - 1) {
      return ofRun;
    }
    if (votes.size() < LEAST_IN_COMMON) {
      votes.add(ofRun);
    }
    return median(votes);
  }

  private static List<Double> ratios(List<SpeedChange> cell) {
    return cell.stream().filter(SpeedChange::isReference).map(SpeedChange::ratio).toList();
  }

  /** How far each reference moved from the median of the others, as logarithms of ratios. */
  private static List<Double> distances(List<SpeedChange> cell) {
    List<Double> ratios = ratios(cell);
    List<Double> distances = new ArrayList<>();
    for (int i = 0; i < ratios.size() && ratios.size() >= LEAST_IN_COMMON; i++) {
      List<Double> others = new ArrayList<>(ratios);
      others.remove(i);
      distances.add(Math.abs(Math.log(ratios.get(i) / median(others))));
    }
    return distances;
  }

  private static double median(List<Double> values) {
    return Statistics.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}

package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.report.Interval;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Median, percentiles and interval, checked against series whose answers are known. */
@Tag("any-jdk")
class StatisticsTest {
  private static final double EXACT = 1e-9;

  /** Newcomb's 66 measurements of the speed of light, in the order in which he made them. */
  private static final double[] NEWCOMB = {
    28, 26, 33, 24, 34, -44, 27, 16, 40, -2, 29, 22, 24, 21, 25, 30, 23, 29, 31, 19, 24, 20, 36, 32,
    36, 28, 25, 21, 28, 29, 37, 25, 28, 26, 30, 32, 36, 26, 30, 22, 36, 23, 27, 27, 28, 27, 31, 27,
    26, 33, 26, 32, 32, 24, 39, 28, 24, 25, 32, 25, 29, 27, 28, 29, 16, 23
  };

  /** The median of Newcomb's series is 27; its outliers, -44 and -2, do not move it. */
  @Test
  void theMedianOfAKnownSeries() {
    assertEquals(27, Statistics.median(NEWCOMB), EXACT);
    Interval interval = Statistics.medianInterval(0.95, NEWCOMB);
    assertEquals(27, interval.median(), EXACT);
    assertEquals(26, interval.low(), EXACT);
    assertEquals(29, interval.high(), EXACT);
    assertTrue(interval.confidence() >= 0.95);
  }

  /** The order statistics of the sign test, as the tables print them for 95 %. */
  @ParameterizedTest
  @CsvSource({
    "6, 1, 0.96875",
    "8, 1, 0.9921875",
    "9, 2, 0.9609375",
    "10, 2, 0.978515625",
    "12, 3, 0.961425781",
    "15, 4, 0.964843750",
    "20, 6, 0.958610535",
    "25, 8, 0.956714749",
  })
  void theIntervalLiesBetweenTheTabledValues(int count, int rank, double confidence) {
    double[] values = shuffled(count);
    Interval interval = Statistics.medianInterval(0.95, values);
    assertEquals(rank, interval.low(), EXACT);
    assertEquals(count + 1 - rank, interval.high(), EXACT);
    assertEquals((count + 1) / 2.0, interval.median(), EXACT);
    assertEquals(confidence, interval.confidence(), 1e-8);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0.5", "5, 0.9375"})
  void fewValuesSayHowLittleTheyTell(int count, double confidence) {
    Interval interval = Statistics.medianInterval(0.95, shuffled(count));
    assertEquals(1, interval.low(), EXACT);
    assertEquals(count, interval.high(), EXACT);
    assertEquals(confidence, interval.confidence(), EXACT);
  }

  /** It holds the true median as often as it says, whatever the shape: here a long tail. */
  @Test
  void theIntervalHoldsTheTrueMedianAsOftenAsItSays() {
    Random random = new Random(1);
    int held = 0;
    int series = 4000;
    for (int i = 0; i < series; i++) {
      double[] values =
          DoubleStream.generate(() -> -Math.log(1 - random.nextDouble())).limit(15).toArray();
      Interval interval = Statistics.medianInterval(0.95, values);
      held += interval.low() <= Math.log(2) && Math.log(2) <= interval.high() ? 1 : 0;
    }
    assertEquals(0.9648, (double) held / series, 0.012);
  }

  @Test
  void percentilesOfAKnownSeries() {
    double[] values = shuffled(99);
    assertEquals(50, Statistics.percentile(50, values), EXACT);
    assertEquals(99, Statistics.percentile(99, values), EXACT);
  }

  @Test
  void noValuesHaveNoMedian() {
    assertThrows(IllegalArgumentException.class, Statistics::median);
  }

  /** 1 to count, in some order. */
  private static double[] shuffled(int count) {
    double[] values = new double[count];
    Random random = new Random(count);
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(i + 1);
      values[i] = values[place];
      values[place] = i + 1;
    }
    return values;
  }
}

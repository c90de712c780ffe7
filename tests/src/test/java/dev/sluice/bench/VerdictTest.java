package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which interval of the JVMs' ratios gives which verdict. */
@Tag("any-jdk")
class VerdictTest {
  @ParameterizedTest
  @CsvSource({
    // All JVMs agree, and the median is 5 % off.
    "1.01, 1.05, 1.30, 5, WIN",
    "1.20, 1.30, 9.00, 3, WIN",
    "0.70, 0.95, 0.99, 5, LOSS",
    "0.10, 0.20, 0.30, 3, LOSS",
    // One JVM does not agree.
    "1.00, 1.20, 1.30, 5, NOT_TOLD_APART",
    "0.98, 1.60, 1.70, 5, NOT_TOLD_APART",
    "0.60, 0.70, 1.00, 5, NOT_TOLD_APART",
    // All agree, but the median is within 5 %, and some JVM is not.
    "1.01, 1.04, 1.06, 5, NOT_TOLD_APART",
    "0.94, 0.96, 0.99, 5, NOT_TOLD_APART",
    // All JVMs lie within 5 %.
    "0.95, 1.00, 1.05, 5, LEVEL",
    "1.01, 1.02, 1.05, 5, LEVEL",
    "0.96, 0.97, 0.99, 3, LEVEL",
    // Too few JVMs, whatever they say.
    "2.00, 3.00, 4.00, 2, NOT_TOLD_APART",
    "1.00, 1.00, 1.00, 1, NOT_TOLD_APART",
  })
  void theJvmsHaveToAgree(double low, double median, double high, int jvms, Verdict verdict) {
    Interval ratio = new Interval(low, median, high, 0.9);
    assertEquals(verdict, Verdict.of(ratio, jvms));
    if (verdict != Verdict.NOT_TOLD_APART) {
      assertNull(Verdict.whatWouldTell(ratio, jvms));
    }
  }

  @Test
  void whatIsNotToldApartSaysWhatWouldTellIt() {
    assertEquals(
        "more JVMs (--jvms 10): the 5 there are lie between 0.97 and 1.09, on both sides of 1",
        Verdict.whatWouldTell(new Interval(0.97, 1.06, 1.09, 0.9), 5));
    assertEquals(
        "more JVMs (--jvms 9): the 3 there are lie between 1.01 and 1.09, across the limit of 5 %",
        Verdict.whatWouldTell(new Interval(1.01, 1.04, 1.09, 0.75), 3));
    assertEquals(
        "more JVMs (--jvms 3): a verdict takes 3, and there is 1",
        Verdict.whatWouldTell(new Interval(2, 2, 2, 0), 1));
    assertTrue(Verdict.whatWouldTell(new Interval(2, 2, 2, 0.5), 2).endsWith("and there are 2"));
  }
}

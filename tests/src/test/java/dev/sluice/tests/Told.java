package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the caller of a transfer is told: a count, or an exception, which says how many bytes were
 * stored and lost where there were any.
 *
 * @param stored the bytes that reached the target
 * @param lost the bytes that were taken from the source and did not
 * @param failure the exception's message, or an empty string
 */
record Told(long stored, long lost, String failure) {
  private static final Pattern STRANDED =
      Pattern.compile(": (\\d+) bytes were stored, (\\d+) more were taken");

  static Told by(Outcome.Call call) throws dev.sluice.UnsupportedMechanismException {
    try {
      return new Told(call.run(), 0, "");
    } catch (dev.sluice.UnsupportedMechanismException e) {
      throw e;
    } catch (IOException e) {
      Matcher stranded = STRANDED.matcher(e.getMessage());
      return stranded.find()
          ? new Told(number(stranded, 1), number(stranded, 2), e.getMessage())
          : new Told(0, 0, e.getMessage());
    }
  }

  void assertFailedWith(String text) {
    assertTrue(failure.contains(text), failure);
  }

  /** Nothing but what is told is missing. */
  void assertAccountsFor(long sent, long leftInSource) {
    assertEquals(sent, stored + lost + leftInSource, toString());
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }
}

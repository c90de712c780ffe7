package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.StrandedBytesException;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * The result of a transfer as its caller learns it: a count, or an exception. The exception says
 * how many bytes were stored and how many were lost, if any were.
 *
 * @param stored the bytes that reached the target
 * @param lost the bytes that were taken from the source and did not reach the target
 * @param failure the exception's message, or an empty string
 */
public record TransferResult(long stored, long lost, String failure) {
  public static TransferResult by(Outcome.Call call)
      throws dev.sluice.UnsupportedMechanismException {
    try {
      return new TransferResult(call.run(), 0, "");
    } catch (dev.sluice.UnsupportedMechanismException e) {
      throw e;
    } catch (IOException e) {
      // A close and an interrupt have no message.
      String failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return Stream.of(e.getSuppressed())
          .filter(StrandedBytesException.class::isInstance)
          .map(StrandedBytesException.class::cast)
          .findFirst()
          .map(stranded -> new TransferResult(stranded.transferred(), stranded.stranded(), failure))
          .orElseGet(() -> new TransferResult(0, 0, failure));
    }
  }

  public void assertFailedWith(String text) {
    assertTrue(failure.contains(text), failure);
  }

  /** No byte is missing but those that the result counts as lost. */
  public void assertAccountsFor(long sent, long leftInSource) {
    assertEquals(sent, stored + lost + leftInSource, toString());
  }
}

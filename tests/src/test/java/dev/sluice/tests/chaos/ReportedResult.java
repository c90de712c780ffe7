package dev.sluice.tests.chaos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result that one transfer reported to its caller.
 *
 * @param asked the count that was asked for
 * @param moved the bytes that it says have reached the target
 * @param stranded the bytes that it says were taken and did not
 * @param failure the exception, or null
 */
record ReportedResult(long asked, long moved, long stranded, @Nullable Throwable failure) {
  /** The public exception; the library may be one that does not have it yet. */
  private static final String STRANDED = "dev.sluice.StrandedBytesException";

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d+) bytes were stored, (\\d+) more were taken");

  static ReportedResult count(long asked, long moved) {
    return new ReportedResult(asked, moved, 0, null);
  }

  static ReportedResult thrown(long asked, Throwable failure) {
    Throwable told = strandedOf(failure);
    if (told == null) {
      return new ReportedResult(asked, 0, 0, failure);
    }
    try {
      long moved = (long) told.getClass().getMethod("transferred").invoke(told);
      long stranded = (long) told.getClass().getMethod("stranded").invoke(told);
      return new ReportedResult(asked, moved, stranded, failure);
    } catch (ReflectiveOperationException e) {
      Matcher text = NUMBERS.matcher(String.valueOf(told.getMessage()));
      return text.find()
          ? new ReportedResult(
              asked, Long.parseLong(text.group(1)), Long.parseLong(text.group(2)), failure)
          : new ReportedResult(asked, 0, 0, failure);
    }
  }

  private static @Nullable Throwable strandedOf(Throwable failure) {
    return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
        .filter(e -> e.getClass().getSimpleName().equals("StrandedBytesException"))
        .findFirst()
        .orElse(null);
  }

  /** Whether stranded bytes are told as they should be, where any are told. */
  boolean isToldWell() {
    Throwable told = failure == null ? null : strandedOf(failure);
    return told == null || told != failure && told.getClass().getName().equals(STRANDED);
  }

  boolean isFailure(String className, String message) {
    return failure != null
        && failure.getClass().getName().equals(className)
        && message.equals(failure.getMessage());
  }

  boolean isFailure(Class<?> type) {
    return failure != null && failure.getClass() == type;
  }

  /** Whether the number of bytes that were moved is known. */
  boolean isExact() {
    return !isFailure(java.nio.channels.ClosedByInterruptException.class) || moved + stranded > 0;
  }

  @Override
  public String toString() {
    String outcome = failure == null ? "told " + moved : "threw " + failure;
    if (failure != null && failure.getSuppressed().length > 0) {
      outcome += " suppressing " + java.util.Arrays.toString(failure.getSuppressed());
    }
    return "asked " + asked + ", " + outcome;
  }
}

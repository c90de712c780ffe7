package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A deliberate difference between Sluice and NIO. Sluice does the same on every JDK; the releases
 * of NIO differ among themselves.
 *
 * @param cases the names of the cases
 * @param lastJdk the last JDK on which NIO does otherwise
 * @param result what Sluice gives
 * @param reason why
 */
record NioDifference(Pattern cases, int lastJdk, String result, String reason) {
  /** JDK 25 has none of these; some were mended before. */
  private static final int BEFORE_25 = 24;

  private static final List<NioDifference> TABLE =
      List.of(
          new NioDifference(
              "from (WRONG_DIRECTION_OF_FILE and WRONG_DIRECTION_OF_OTHER"
                  + "|WRONG_DIRECTION_OF_OTHER and (NEGATIVE_POSITION|NEGATIVE_COUNT|INTERRUPTED))",
              NonReadableChannelException.class,
              "the source's direction is checked first, before anything is touched"),
          new NioDifference(
              "(to|from) INTERRUPTED and INTERRUPTED",
              ClosedByInterruptException.class,
              "an interrupt closes both channels, as the contract of FileChannel says"),
          new NioDifference(
              "to a socket that is not connected",
              NotYetConnectedException.class,
              "the reason, where JDK 17 reports a broken pipe"),
          new NioDifference(
              "to a socket that is shut down",
              AsynchronousCloseException.class,
              "the reason, where JDK 17 reports a broken pipe"),
          new NioDifference(
              Pattern.compile("(to .* of|from) /proc/version"),
              BEFORE_25,
              String.valueOf(sizeOfVersion()),
              "the content, where JDK 17 believes the size of 0"));

  private NioDifference(String cases, Class<? extends Exception> result, String reason) {
    this(Pattern.compile(cases), BEFORE_25, result.getName(), reason);
  }

  /** Which only reading tells. */
  private static int sizeOfVersion() {
    try {
      return Files.readAllBytes(Path.of("/proc/version")).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As below, by a subject that is not part of the case's name. */
  static void assertSame(String name, Outcome nio, Outcome sluice, boolean served, String subject) {
    try {
      assertSame(name, nio, sluice, served);
    } catch (AssertionError e) {
      throw new AssertionError(subject + " " + e.getMessage(), e);
    }
  }

  static void assertSame(String name, Outcome nio, Outcome sluice, boolean served) {
    if (!served) {
      if (nio.result().matches("[1-9].*")) {
        assertEquals(Outcome.UNSUPPORTED, sluice.result(), name);
      }
      return;
    }
    int jdk = Runtime.version().feature();
    for (NioDifference difference : TABLE) {
      if (jdk <= difference.lastJdk && difference.cases.matcher(name).matches()) {
        assertEquals(difference.result, sluice.result(), name + ": " + difference.reason);
        return;
      }
    }
    assertEquals(nio, sluice, name);
  }
}

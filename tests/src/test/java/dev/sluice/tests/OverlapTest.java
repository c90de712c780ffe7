package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file onto itself. Where the target does not begin inside the source range the bytes arrive as
 * by {@code memmove}, by NIO on 17 and 25 and by every mechanism that serves files. Where it does,
 * bytes may be overwritten before they are read: NIO's result depends on the JDK and on the size of
 * its buffer. Then the count, the positions, the size and what lies before the target are promised.
 */
@Tag("both-guards")
class OverlapTest {
  /** Ranges in a file: the source's offset, the target's, the count. */
  private record Range(int from, int to, int count) {
    int size() {
      return Math.max(from, to) + count;
    }

    boolean overwritesWhatIsToBeRead() {
      return from < to && to < from + count;
    }

    boolean overlaps() {
      return Math.abs(from - to) < count;
    }
  }

  private static final List<Range> RANGES =
      List.of(
          new Range(0, 0, 20_000),
          new Range(0, 20_000, 20_000),
          new Range(20_000, 0, 20_000),
          new Range(50, 0, 20_000),
          new Range(4096, 0, 20_000),
          new Range(5000, 0, 10_000),
          new Range(50, 0, 3_000_000),
          new Range(0, 50, 20_000),
          new Range(0, 5000, 10_000),
          new Range(0, 4096, 3_000_000));

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> transferTo() {
    return eachSubject(
        (subject, range) -> {
          boolean serves =
              subject.serves(Ends.TargetKind.FILE)
                  && (subject != Subject.COPY_FILE_RANGE || !range.overlaps());
          check(
              subject,
              range,
              serves,
              range.to + range.count,
              (file, r) -> {
                file.position(r.to);
                return subject.transferTo(file, r.from, r.count, file);
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> transferFrom() {
    return eachSubject(
        (subject, range) -> {
          boolean serves =
              subject.serves(Ends.SourceKind.FILE)
                  && (subject != Subject.COPY_FILE_RANGE || !range.overlaps());
          check(
              subject,
              range,
              serves,
              range.from + range.count,
              (file, r) -> {
                file.position(r.from);
                return subject.transferFrom(file, file, r.to, r.count);
              });
        });
  }

  private interface Case {
    void run(Subject subject, Range range) throws IOException;
  }

  private interface Call {
    long run(FileChannel file, Range range) throws IOException;
  }

  private static Stream<DynamicTest> eachSubject(Case body) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Subject subject : Subject.values()) {
      tests.add(
          dynamicTest(
              subject.name(),
              () -> {
                for (Range range : RANGES) {
                  body.run(subject, range);
                }
              }));
    }
    return tests.stream();
  }

  private void check(Subject subject, Range range, boolean serves, int position, Call call)
      throws IOException {
    byte[] before = new byte[range.size()];
    new Random(7).nextBytes(before);
    String name = subject + " " + range;
    try (Ends ends = new Ends(directory)) {
      Path path = ends.path("itself", before);
      FileChannel file = ends.keep(FileChannel.open(path, Ends.readWrite()));
      Outcome outcome =
          Outcome.of(() -> call.run(file, range), file, file, () -> Files.readAllBytes(path));
      byte[] after = Files.readAllBytes(path);
      if (!serves) {
        assertEquals(Outcome.UNSUPPORTED, outcome.result(), name);
        assertArrayEquals(before, after, name);
        return;
      }
      assertEquals(String.valueOf(range.count), outcome.result(), name);
      assertEquals(position, outcome.sourcePosition(), name);
      assertEquals(before.length, after.length, name);
      int promised = range.overwritesWhatIsToBeRead() ? range.to : before.length;
      byte[] expected = before.clone();
      System.arraycopy(before, range.from, expected, range.to, range.count);
      assertArrayEquals(Arrays.copyOf(expected, promised), Arrays.copyOf(after, promised), name);
    }
  }
}

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * A file onto itself. Sluice moves the bytes as {@code memmove} does, in both directions and at any
 * distance; an exact mechanism does that, or refuses and has changed nothing. Of NIO only the
 * count, the positions and the size are held: what it writes is decided by the JDK, the size of its
 * buffer and the processor's copy instruction.
 */
@Tag("any-jdk")
@Tag("both-guards")
@Tag("slow")
class OverlapTest extends OverlapFixture {
  private static final Map<Integer, byte[]> CONTENTS = new HashMap<>();

  private static final List<Range> RANGES =
      List.of(
          Range.within(0, 0, 20_000),
          Range.within(0, 20_000, 20_000),
          Range.within(20_000, 0, 20_000),
          Range.within(50, 0, 20_000),
          Range.within(4096, 0, 20_000),
          Range.within(5000, 0, 10_000),
          Range.within(50, 0, 3_000_000),
          Range.within(0, 1, 20_000),
          Range.within(0, 50, 20_000),
          Range.within(0, 5000, 10_000),
          Range.within(0, 4096, 3_000_000),
          Range.within(0, 1, 3_000_000),
          Range.within(0, 300_000, 3_000_000),
          Range.within(1_500_000, 0, 3_000_000),
          // The file ends before the range does, and grows.
          new Range(20_000, 0, 1, 100_000),
          new Range(20_000, 100, 19_000, 100_000),
          new Range(20_000, 0, 20_000, 100_000),
          new Range(20_000, 0, 30_000, 100_000),
          new Range(3_000_000, 0, 2_000_000, Integer.MAX_VALUE),
          new Range(3_000_000, 1000, 3_000_000, Integer.MAX_VALUE));

  @TestFactory
  Stream<DynamicTest> transferTo() {
    return each(
        (implementation, twice, range) ->
            check(
                implementation,
                twice,
                range,
                implementation.serves(ChannelKinds.TargetKind.FILE),
                channels -> {
                  channels.target().position(range.to());
                  return implementation.transferTo(
                      channels.source(), range.from(), range.count(), channels.target());
                },
                true));
  }

  @TestFactory
  Stream<DynamicTest> transferFrom() {
    return each(
        (implementation, twice, range) ->
            check(
                implementation,
                twice,
                range,
                implementation.serves(ChannelKinds.SourceKind.FILE),
                channels -> {
                  channels.source().position(range.from());
                  return implementation.transferFrom(
                      channels.target(), channels.source(), range.to(), range.count());
                },
                false));
  }

  private interface Case {
    void run(Implementation implementation, SameFilePair twice, Range range) throws IOException;
  }

  private interface Call {
    long run(SameFilePair.Channels channels) throws IOException;
  }

  private static Stream<DynamicTest> each(Case body) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      for (SameFilePair twice : SameFilePair.values()) {
        tests.add(
            dynamicTest(
                implementation + " " + twice,
                () -> {
                  for (Range range : RANGES) {
                    body.run(implementation, twice, range);
                  }
                }));
      }
    }
    return tests.stream();
  }

  private void check(
      Implementation implementation,
      SameFilePair twice,
      Range range,
      boolean serves,
      Call call,
      boolean isTo)
      throws IOException {
    String name = implementation + " " + twice + " " + range;
    // Two thousand cases have a dozen sizes.
    byte[] before = CONTENTS.computeIfAbsent(range.size(), OverlapFixture::content);
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = ends.path("itself", before);
      SameFilePair.Channels channels = twice.open(ends, path);
      Outcome outcome =
          Outcome.of(
              () -> call.run(channels), channels.source(), channels.target(), () -> new byte[0]);
      byte[] after = Files.readAllBytes(path);
      byte[] expected = SameFilePair.moved(before, range.from(), range.to(), range.count());
      boolean isAnyOverlapServed =
          List.of(
                  Implementation.NIO,
                  Implementation.SLUICE,
                  Implementation.SLUICE_FILE_CHANNEL,
                  Implementation.READ_WRITE)
              .contains(implementation);
      if (!serves || range.overlaps() && !isAnyOverlapServed) {
        assertEquals(Outcome.UNSUPPORTED, outcome.result(), name);
        assertArrayEquals(before, after, name);
        return;
      }
      if (implementation == Implementation.NIO) {
        if (range.moved() == range.count()) {
          assertEquals(String.valueOf(range.count()), outcome.result(), name);
          assertEquals(expected.length, after.length, name);
        }
        return;
      }
      assertEquals(String.valueOf(range.moved()), outcome.result(), name);
      assertArrayEquals(expected, after, name);
      long stands = isTo ? outcome.targetPosition() : outcome.sourcePosition();
      assertEquals(isTo ? range.to() + range.moved() : range.from() + range.moved(), stands, name);
    } finally {
      deleteAll();
    }
  }
}

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Any range of a file moved to any place of it, by any mechanism, however the two ends name the
 * file: it holds what an array holds after {@code System.arraycopy}, or the mechanism refuses and
 * nothing has changed.
 */
@Tag("both-guards")
class RandomOverlapTest {
  private static final int MOST = 2_500_000;

  private enum Operation {
    TO,
    FROM,
    BETWEEN,
    REGION
  }

  private record Move(
      Operation operation,
      SameFilePair twice,
      Mechanism mechanism,
      int size,
      int from,
      int to,
      int count) {}

  @Provide
  Arbitrary<Move> moves() {
    // Near to each other, at the edges of pages and of buffers, or anywhere.
    Arbitrary<Integer> distances =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-100, 100),
            Arbitraries.of(-262_144, -65_536, -4096, 4096, 65_536, 262_143, 262_144, 1 << 20),
            Arbitraries.integers().between(-MOST, MOST));
    Arbitrary<Integer> counts =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 20_000),
            Arbitraries.of(4096, 16_384, 16_385, 262_144, 262_145, 1 << 20, (1 << 20) + 1),
            Arbitraries.integers().between(1, MOST));
    return Combinators.combine(
            Arbitraries.of(Operation.class),
            Arbitraries.of(SameFilePair.class),
            Arbitraries.of(Mechanism.class),
            Arbitraries.integers().between(1, MOST),
            Arbitraries.integers().between(0, MOST),
            distances,
            counts)
        .as(
            (operation, twice, mechanism, size, from, distance, count) ->
                new Move(
                    operation,
                    twice,
                    mechanism,
                    size,
                    from % size,
                    Math.max(0, from % size + distance),
                    count));
  }

  @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
  void everyMoveIsThatOfAnArray(@ForAll("moves") Move move) throws IOException {
    Path directory = Files.createTempDirectory("overlap");
    byte[] before = new byte[move.size];
    new Random(move.size).nextBytes(before);
    byte[] expected = SameFilePair.moved(before, move.from, move.to, move.count);
    long moved = Math.min(move.count, move.size - move.from);
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = ends.path("file", before);
      SameFilePair.Channels channels = move.twice.open(ends, path);
      try {
        long told = run(move, channels);
        assertEquals(moved, told);
      } catch (UnsupportedMechanismException e) {
        assertEquals(move.mechanism, e.mechanism());
        expected = before;
      }
      assertArrayEquals(expected, Files.readAllBytes(path));
    } finally {
      try (var files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static long run(Move move, SameFilePair.Channels channels) throws IOException {
    FileChannel source = channels.source();
    FileChannel target = channels.target();
    switch (move.operation) {
      case TO -> {
        long told =
            move.mechanism.transferTo(source, move.from, move.count, target.position(move.to));
        assertEquals(move.to + told, target.position());
        return told;
      }
      case FROM -> {
        long told =
            move.mechanism.transferFrom(target, source.position(move.from), move.to, move.count);
        assertEquals(move.from + told, source.position());
        return told;
      }
      case BETWEEN -> {
        if (move.twice == SameFilePair.SAME_CHANNEL) {
          // It has one position.
          return move.mechanism.transferTo(source, move.from, move.count, target.position(move.to));
        }
        target.position(move.to);
        return move.mechanism.transfer(source.position(move.from), target, move.count);
      }
      case REGION -> {
        int count = Math.min(move.count, move.size - move.from);
        try (MappedRegion region = MappedRegion.map(source, MapMode.READ_ONLY, move.from, count)) {
          return region.transferTo(0, count, target.position(move.to));
        }
      }
    }
    throw new AssertionError(move);
  }
}

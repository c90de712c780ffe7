package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Any sequence of transfers between two files, and between them and streams, by any mechanism: the
 * files hold what arrays of bytes hold to which the same was done, and stand where they should. A
 * failure prints its seed and the shortest sequence found.
 */
class RandomTransfersTest {
  /** What fits into the buffers of every stream at once, at any offset within a page. */
  private static final int MOST = 40_000;

  /** What is done, to which of the two files. */
  private record Step(
      Operation operation, Mechanism mechanism, int file, long position, long count, int seed) {}

  private enum Operation {
    SET_POSITION,
    TO_FILE,
    FROM_FILE,
    FILE_TO_FILE,
    TO_TCP,
    TO_UNIX,
    TO_PIPE,
    TO_PIPE_NON_BLOCKING,
    FROM_TCP,
    FROM_UNIX,
    FROM_PIPE,
    FROM_TCP_NON_BLOCKING,
    STREAM_TO_STREAM;

    ChannelKinds.TargetKind target() {
      return ChannelKinds.TargetKind.valueOf(name().substring("TO_".length()));
    }

    ChannelKinds.SourceKind source() {
      return ChannelKinds.SourceKind.valueOf(name().substring("FROM_".length()));
    }
  }

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<Long> positions =
        Arbitraries.longs().between(0, 2 * MOST).edgeCases(edges -> edges.add(4096L, 65_536L));
    Arbitrary<Long> counts =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, MOST),
            Arbitraries.of(1L, 4096L, 16_384L, 16_385L, Long.MAX_VALUE));
    return Combinators.combine(
            Arbitraries.of(Operation.class),
            Arbitraries.of(Mechanism.class),
            Arbitraries.integers().between(0, 1),
            positions,
            counts,
            Arbitraries.integers())
        .as(Step::new);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void everySequenceDoesWhatItDoesToArrays(@ForAll @Size(max = 25) List<@From("steps") Step> steps)
      throws Exception {
    Path directory = Files.createTempDirectory("random");
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Model[] models = {new Model(channels, 1), new Model(channels, 2)};
      for (Step step : steps) {
        run(channels, step, models[step.file], models[1 - step.file]);
        for (Model model : models) {
          model.check(step);
        }
      }
    } finally {
      try (var files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static void run(ChannelKinds channels, Step step, Model one, Model other)
      throws IOException {
    Mechanism mechanism = step.mechanism;
    try {
      switch (step.operation) {
        case SET_POSITION -> one.moveTo(step.position);
        case TO_FILE -> {
          long moved = mechanism.transferTo(one.file, step.position, step.count, other.file);
          byte[] bytes = one.range(step.position, step.count);
          assertMoved(step, bytes.length, moved);
          other.put(other.position, bytes);
          other.position += moved;
        }
        case FROM_FILE -> {
          byte[] bytes = other.range(other.position, step.count);
          long moved = mechanism.transferFrom(one.file, other.file, step.position, step.count);
          assertMoved(step, bytes.length, moved);
          one.put(step.position, bytes);
          other.position += moved;
        }
        case FILE_TO_FILE -> {
          byte[] bytes = one.range(one.position, step.count);
          long moved = mechanism.transfer(one.file, other.file, step.count);
          assertMoved(step, bytes.length, moved);
          other.put(other.position, bytes);
          one.position += moved;
          other.position += moved;
        }
        case TO_TCP, TO_UNIX, TO_PIPE, TO_PIPE_NON_BLOCKING -> {
          byte[] bytes = one.range(step.position, Math.min(step.count, MOST));
          ChannelKinds.Target target = channels.target(step.operation.target());
          long count = Math.min(step.count, MOST);
          long moved = mechanism.transferTo(one.file, step.position, count, target.channel());
          assertMoved(step, bytes.length, moved);
          assertArrayEquals(bytes, target.arrived().bytes(), step::toString);
        }
        case FROM_TCP, FROM_UNIX, FROM_PIPE, FROM_TCP_NON_BLOCKING -> {
          byte[] sent = bytes(step);
          ReadableByteChannel source = channels.source(step.operation.source(), sent);
          byte[] left = sent;
          try {
            long moved = mechanism.transferFrom(one.file, source, step.position, step.count);
            assertMoved(step, Math.min(step.count, sent.length), moved);
            one.put(step.position, Arrays.copyOf(sent, (int) moved));
            left = Arrays.copyOfRange(sent, (int) moved, sent.length);
          } finally {
            assertArrayEquals(left, ChannelPair.drain(source), step::toString);
          }
        }
        case STREAM_TO_STREAM -> {
          byte[] sent = bytes(step);
          ReadableByteChannel source = channels.source(ChannelKinds.SourceKind.TCP, sent);
          ChannelKinds.Target target = channels.target(ChannelKinds.TargetKind.PIPE);
          long moved = mechanism.transfer(source, target.channel(), step.count);
          assertMoved(step, Math.min(step.count, sent.length), moved);
          assertArrayEquals(
              Arrays.copyOf(sent, (int) moved), target.arrived().bytes(), step::toString);
        }
      }
    } catch (UnsupportedMechanismException e) {
      // Then nothing was moved, which the check finds.
      assertEquals(mechanism, e.mechanism());
    }
  }

  private static void assertMoved(Step step, long expected, long moved) {
    assertEquals(expected, moved, step::toString);
  }

  private static byte[] bytes(Step step) {
    Random random = new Random(step.seed);
    byte[] bytes = new byte[random.nextInt(MOST)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A file and what it should be. */
  private static final class Model {
    final FileChannel file;
    private final Path path;
    private byte[] content;
    long position;

    Model(ChannelKinds channels, int seed) throws IOException {
      content = new byte[MOST / 2];
      new Random(seed).nextBytes(content);
      path = channels.path("file", content);
      file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    }

    void moveTo(long to) throws IOException {
      file.position(to);
      position = to;
    }

    byte[] range(long from, long count) {
      long end = Math.min(content.length, from + Math.min(count, content.length));
      return from >= end ? new byte[0] : Arrays.copyOfRange(content, (int) from, (int) end);
    }

    void put(long at, byte[] bytes) {
      if (bytes.length > 0) {
        content = Arrays.copyOf(content, Math.max(content.length, (int) at + bytes.length));
        System.arraycopy(bytes, 0, content, (int) at, bytes.length);
      }
    }

    void check(Step step) throws IOException {
      assertEquals(position, file.position(), step::toString);
      assertArrayEquals(content, Files.readAllBytes(path), step::toString);
    }
  }
}

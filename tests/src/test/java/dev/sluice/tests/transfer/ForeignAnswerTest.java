package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What channels answer that are not the JDK's own: the sum is right, or it is told that it is not.
 */
@Tag("both-guards")
class ForeignAnswerTest {
  private static final int SIZE = 100_000;
  private static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /**
   * One call of a channel: how many bytes it moves, of so many, and what it does then.
   *
   * @param moves of the bytes that the buffer has left; negative for all of them
   * @param answers the answer, given what was moved
   * @param then thrown after that, or null
   */
  private record Reply(int moves, Answer answers, Throwable then) {
    interface Answer {
      int of(int moved);
    }

    Reply(int moves, Answer answers) {
      this(moves, answers, null);
    }

    int moved(ByteBuffer buffer) {
      return moves < 0 ? buffer.remaining() : Math.min(moves, buffer.remaining());
    }

    int answered(int moved) throws IOException {
      if (then instanceof IOException e) {
        throw e;
      }
      if (then instanceof RuntimeException e) {
        throw e;
      }
      if (then instanceof Error e) {
        throw e;
      }
      return answers.of(moved);
    }
  }

  private static final int ALL = -1;

  private static final Reply HONEST = new Reply(ALL, moved -> moved);

  /** Follows a script, and is honest before it begins. */
  private static final class Scripted implements ByteChannel {
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private final int honestCalls;
    private final Reply reply;
    private int calls;
    private int given;

    Scripted(int honestCalls, Reply reply) {
      this.honestCalls = honestCalls;
      this.reply = reply;
    }

    private Reply next() {
      assertTrue(++calls < 10_000, "it goes on for ever");
      return calls <= honestCalls ? HONEST : reply;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
      Reply next = next();
      int moved = next.moved(buffer);
      byte[] bytes = new byte[moved];
      buffer.get(bytes);
      arrived.writeBytes(bytes);
      return next.answered(moved);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
      Reply next = next();
      int moved = Math.min(next.moved(buffer), SIZE - given);
      if (moved == 0 && given == SIZE) {
        return -1;
      }
      buffer.put(CONTENT, given, moved);
      given += moved;
      return next.answered(moved);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private long transferTo(WritableByteChannel target) throws IOException {
    Path path = Files.write(directory.resolve("source"), CONTENT);
    try (FileChannel source = FileChannel.open(path)) {
      return Sluice.transferTo(source, 0, SIZE, target);
    }
  }

  private Path target() {
    return directory.resolve("target");
  }

  private long transferFrom(ReadableByteChannel source) throws IOException {
    Files.write(target(), new byte[0]);
    try (FileChannel file = FileChannel.open(target(), ChannelKinds.readWrite())) {
      return Sluice.transferFrom(file, source, 0, SIZE);
    }
  }

  private void assertStored(int bytes) throws IOException {
    assertArrayEquals(Arrays.copyOf(CONTENT, bytes), Files.readAllBytes(target()));
  }

  /** What is told of bytes that were taken and not stored: how many were, and how many not. */
  private static List<Long> stranded(Throwable failure) {
    Pattern numbers = Pattern.compile("(\\d+) bytes reached the target, (\\d+) more");
    return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
        .filter(each -> each.getClass().getSimpleName().equals("StrandedBytesException"))
        .map(each -> numbers.matcher(each.getMessage()))
        .filter(Matcher::find)
        .flatMap(found -> Stream.of(Long.valueOf(found.group(1)), Long.valueOf(found.group(2))))
        .toList();
  }

  /** A file is there still, so that a count is enough; but it is never more than was taken. */
  @TestFactory
  Stream<DynamicTest> whatATargetTookIsCounted() {
    record Case(String name, Reply reply, long counted) {}
    return Stream.of(
            new Case("all, as an encrypting one counts", new Reply(ALL, n -> n + 29), SIZE),
            new Case("a part", new Reply(100, n -> n), 8192 + 100),
            new Case("nothing", new Reply(0, n -> 0), 8192),
            new Case("nothing, and says -1", new Reply(0, n -> -1), 8192))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      Scripted target = new Scripted(1, each.reply);
                      assertEquals(each.counted, transferTo(target));
                      byte[] expected = Arrays.copyOf(CONTENT, (int) each.counted);
                      assertArrayEquals(expected, target.arrived.toByteArray());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTargetThatContradictsItselfIsAnExceptionWhatWasMovedBefore() {
    record Case(String name, Reply reply) {}
    return Stream.of(
            new Case("claims all, takes nothing", new Reply(0, n -> 8192)),
            new Case("claims more than it was offered", new Reply(100, n -> Integer.MAX_VALUE)),
            new Case("takes all, claims a part", new Reply(ALL, n -> n / 2)),
            new Case("takes all, claims nothing", new Reply(ALL, n -> 0)),
            new Case("takes all, says -1", new Reply(ALL, n -> -1)))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      Scripted target = new Scripted(1, each.reply);
                      IOException e = assertThrows(IOException.class, () -> transferTo(target));
                      assertTrue(e.getMessage().contains("nobody can tell"), e::toString);
                      Scripted source = new Scripted(0, HONEST);
                      Scripted again = new Scripted(1, each.reply);
                      IOException told =
                          assertThrows(
                              IOException.class, () -> Sluice.transfer(source, again, SIZE));
                      assertEquals(List.of(8192L, source.given - 8192L), stranded(told));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> whatASourceGaveIsStoredWhateverItSays() {
    record Case(String name, Reply reply, int stored) {}
    return Stream.of(
            new Case("all, and says 0", new Reply(ALL, n -> 0), 8192 + 16384),
            new Case("all, and says -1", new Reply(ALL, n -> -1), 8192 + 16384),
            new Case("all, and says less", new Reply(ALL, n -> 1), SIZE),
            new Case("a part, and fails", new Reply(100, n -> n, new IOException()), 8292),
            new Case("nothing, and says 0", new Reply(0, n -> 0), 8192),
            new Case("a byte at a time", new Reply(1, n -> n), 8192 + 1000))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      Scripted source = new Scripted(1, each.reply);
                      if (each.reply.moves == 1) {
                        source.given = SIZE - each.stored;
                        assertEquals(each.stored, transferFrom(source));
                        return;
                      }
                      assertEquals(each.stored, transferFrom(source));
                      assertStored(each.stored);
                    }));
  }

  @Test
  void bytesThatASourceClaimsAndDoesNotGiveAreToldAsStranded() throws IOException {
    Scripted source = new Scripted(1, new Reply(100, n -> n + 50));
    IOException e = assertThrows(IOException.class, () -> transferFrom(source));
    assertEquals(List.of(8292L, 50L), stranded(e));
    assertStored(8292);
  }

  @TestFactory
  Stream<DynamicTest> whatATargetCostByThrowingIsTold() {
    return Stream.of(
            new IOException("full"),
            new UncheckedIOException(new IOException()),
            new StackOverflowError())
        .map(
            thrown ->
                dynamicTest(
                    thrown.getClass().getSimpleName(),
                    () -> {
                      Scripted source = new Scripted(0, HONEST);
                      Scripted target = new Scripted(1, new Reply(100, n -> n, thrown));
                      Throwable e =
                          assertThrows(
                              Throwable.class, () -> Sluice.transfer(source, target, SIZE));
                      assertEquals(List.of(8192L, source.given - 8192L), stranded(e));
                      assertTrue(e == thrown || e.getCause() == thrown, e::toString);
                    }));
  }

  /** What was sent before an exception that is no count is not sent again from the same file. */
  @Test
  void anUncheckedExceptionLeavesAFileWhereItWasReadTo() throws IOException {
    Path path = Files.write(directory.resolve("source"), CONTENT);
    Scripted target = new Scripted(1, new Reply(0, n -> n, new IllegalStateException()));
    try (FileChannel source = FileChannel.open(path)) {
      assertThrows(IllegalStateException.class, () -> Sluice.transfer(source, target, SIZE));
      assertEquals(8192, source.position());
    }
  }

  /** The JDK's own loop offers 8 KiB at once: a target that takes so much of more is not full. */
  @TestFactory
  Stream<DynamicTest> aTargetThatTakesSoManyBytesAtOnceGetsAsManyAsByNio() {
    return Stream.of(1, 100, 4096, 8191, 8192, 10_000, 16_384, 65_536)
        .map(
            most ->
                dynamicTest(
                    most + " bytes",
                    () -> {
                      Reply some = new Reply(most, n -> n);
                      Scripted byNio = new Scripted(0, some);
                      Scripted bySluice = new Scripted(0, some);
                      Path path = Files.write(directory.resolve("source"), CONTENT);
                      try (FileChannel source = FileChannel.open(path)) {
                        assertEquals(
                            source.transferTo(0, SIZE, byNio),
                            Sluice.transferTo(source, 0, SIZE, bySluice));
                      }
                      assertArrayEquals(
                          byNio.arrived.toByteArray(), bySluice.arrived.toByteArray());
                    }));
  }
}

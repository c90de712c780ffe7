package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers of channels that are not the JDK's own: the count is right, or an exception tells that it
 * is not.
 */
@Tag("both-guards")
class ForeignAnswerTest {
  private static final int SIZE = ScriptedChannel.SIZE;
  private static final byte[] CONTENT = ScriptedChannel.CONTENT;

  @TempDir Path directory;

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

  /**
   * The two numbers that the exception tells: the bytes that were stored, and those that were taken
   * and not stored.
   */
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
    record Case(String name, ScriptedReply reply, long counted) {}
    return Stream.of(
            new Case(
                "all, as an encrypting one counts",
                new ScriptedReply(ScriptedReply.ALL, n -> n + 29),
                SIZE),
            new Case("a part", new ScriptedReply(100, n -> n), 8192 + 100),
            new Case("nothing", new ScriptedReply(0, n -> 0), 8192),
            new Case("nothing, and says -1", new ScriptedReply(0, n -> -1), 8192))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      ScriptedChannel target = new ScriptedChannel(1, each.reply);
                      assertEquals(each.counted, transferTo(target));
                      byte[] expected = Arrays.copyOf(CONTENT, (int) each.counted);
                      assertArrayEquals(expected, target.arrived.toByteArray());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTargetThatContradictsItselfIsAnExceptionWhatWasMovedBefore() {
    record Case(String name, ScriptedReply reply) {}
    return Stream.of(
            new Case("claims all, takes nothing", new ScriptedReply(0, n -> 8192)),
            new Case(
                "claims more than it was offered", new ScriptedReply(100, n -> Integer.MAX_VALUE)),
            new Case("takes all, claims a part", new ScriptedReply(ScriptedReply.ALL, n -> n / 2)),
            new Case("takes all, claims nothing", new ScriptedReply(ScriptedReply.ALL, n -> 0)),
            new Case("takes all, says -1", new ScriptedReply(ScriptedReply.ALL, n -> -1)))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      ScriptedChannel target = new ScriptedChannel(1, each.reply);
                      IOException e = assertThrows(IOException.class, () -> transferTo(target));
                      assertTrue(e.getMessage().contains("nobody can tell"), e::toString);
                      ScriptedChannel source = new ScriptedChannel(0, ScriptedReply.HONEST);
                      ScriptedChannel again = new ScriptedChannel(1, each.reply);
                      IOException told =
                          assertThrows(
                              IOException.class, () -> Sluice.transfer(source, again, SIZE));
                      assertEquals(List.of(8192L, source.given - 8192L), stranded(told));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> whatASourceGaveIsStoredWhateverItSays() {
    record Case(String name, ScriptedReply reply, int stored) {}
    return Stream.of(
            new Case("all, and says 0", new ScriptedReply(ScriptedReply.ALL, n -> 0), 8192 + 16384),
            new Case(
                "all, and says -1", new ScriptedReply(ScriptedReply.ALL, n -> -1), 8192 + 16384),
            new Case("all, and says less", new ScriptedReply(ScriptedReply.ALL, n -> 1), SIZE),
            new Case("a part, and fails", new ScriptedReply(100, n -> n, new IOException()), 8292),
            new Case("nothing, and says 0", new ScriptedReply(0, n -> 0), 8192),
            new Case("a byte at a time", new ScriptedReply(1, n -> n), 8192 + 1000))
        .map(
            each ->
                dynamicTest(
                    each.name,
                    () -> {
                      ScriptedChannel source = new ScriptedChannel(1, each.reply);
                      if (each.reply.moves() == 1) {
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
    ScriptedChannel source = new ScriptedChannel(1, new ScriptedReply(100, n -> n + 50));
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
                      ScriptedChannel source = new ScriptedChannel(0, ScriptedReply.HONEST);
                      ScriptedChannel target =
                          new ScriptedChannel(1, new ScriptedReply(100, n -> n, thrown));
                      Throwable e =
                          assertThrows(
                              Throwable.class, () -> Sluice.transfer(source, target, SIZE));
                      assertEquals(List.of(8192L, source.given - 8192L), stranded(e));
                      assertTrue(e == thrown || e.getCause() == thrown, e::toString);
                    }));
  }

  /**
   * Bytes that were sent before an exception without a count are not sent again from the same file.
   */
  @Test
  void anUncheckedExceptionLeavesAFileWhereItWasReadTo() throws IOException {
    Path path = Files.write(directory.resolve("source"), CONTENT);
    ScriptedChannel target =
        new ScriptedChannel(1, new ScriptedReply(0, n -> n, new IllegalStateException()));
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
                      ScriptedReply some = new ScriptedReply(most, n -> n);
                      ScriptedChannel byNio = new ScriptedChannel(0, some);
                      ScriptedChannel bySluice = new ScriptedChannel(0, some);
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

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A file onto itself. Sluice moves the bytes as {@code memmove} does, in both directions and at any
 * distance; an exact mechanism does that, or refuses and has changed nothing. Of NIO only the
 * count, the positions and the size are held: what it writes is decided by the JDK, the size of its
 * buffer and the processor's copy instruction.
 */
@Tag("both-guards")
class OverlapTest {
  private static final int MIB = 1 << 20;
  private static final long HANGS_MILLIS = 5_000;

  /** Ranges in a file: its size, the source's offset, the target's, the count. */
  private record Range(int size, int from, int to, int count) {
    static Range within(int from, int to, int count) {
      return new Range(Math.max(from, to) + count, from, to, count);
    }

    int moved() {
      return Math.min(count, size - from);
    }

    boolean overlaps() {
      return Math.abs(from - to) < moved();
    }
  }

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

  @TempDir Path directory;

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
                  channels.target().position(range.to);
                  return implementation.transferTo(
                      channels.source(), range.from, range.count, channels.target());
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
                  channels.source().position(range.from);
                  return implementation.transferFrom(
                      channels.target(), channels.source(), range.to, range.count);
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
    byte[] before = content(range.size);
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = ends.path("itself", before);
      SameFilePair.Channels channels = twice.open(ends, path);
      Outcome outcome =
          Outcome.of(
              () -> call.run(channels), channels.source(), channels.target(), () -> new byte[0]);
      byte[] after = Files.readAllBytes(path);
      byte[] expected = SameFilePair.moved(before, range.from, range.to, range.count);
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
        if (range.moved() == range.count) {
          assertEquals(String.valueOf(range.count), outcome.result(), name);
          assertEquals(expected.length, after.length, name);
        }
        return;
      }
      assertEquals(String.valueOf(range.moved()), outcome.result(), name);
      assertArrayEquals(expected, after, name);
      long stands = isTo ? outcome.targetPosition() : outcome.sourcePosition();
      assertEquals(isTo ? range.to + range.moved() : range.from + range.moved(), stands, name);
    } finally {
      deleteAll();
    }
  }

  /** Bytes that repeat only after the distances of the cases. */
  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  private void deleteAll() throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** At several times what is moved between two looks at the channels. */
  @ParameterizedTest
  @EnumSource(names = {"SLUICE", "READ_WRITE"})
  void largeRangesAreMovedExactly(Implementation implementation) throws IOException {
    int size = 70 * MIB;
    byte[] before = content(size);
    for (int distance : new int[] {1, 4096, MIB + 1, 20 * MIB}) {
      for (boolean isBackwards : new boolean[] {true, false}) {
        int from = isBackwards ? 3 : 3 + distance;
        int to = isBackwards ? 3 + distance : 3;
        int count = 45 * MIB + 11;
        try (ChannelKinds ends = new ChannelKinds(directory)) {
          Path path = ends.path("large", before);
          SameFilePair.Channels channels = SameFilePair.OPENED_TWICE.open(ends, path);
          channels.target().position(to);
          String name = from + " to " + to;
          assertEquals(
              count,
              implementation.transferTo(channels.source(), from, count, channels.target()),
              name);
          assertEquals(to + count, channels.target().position(), name);
          byte[] expected = SameFilePair.moved(before, from, to, count);
          assertArrayEquals(expected, Files.readAllBytes(path), name);
          channels.source().position(to);
          assertEquals(
              count,
              implementation.transferFrom(channels.target(), channels.source(), from, count),
              name);
          assertEquals(to + count, channels.source().position(), name);
          expected = SameFilePair.moved(expected, to, from, count);
          assertArrayEquals(expected, Files.readAllBytes(path), name);
        } finally {
          deleteAll();
        }
      }
    }
  }

  @Test
  void exactMechanismsRefuseALargeOverlapAsAWhole() throws IOException {
    byte[] before = content(40 * MIB);
    for (Mechanism mechanism : Mechanism.values()) {
      if (mechanism == Mechanism.AUTO || mechanism == Mechanism.READ_WRITE) {
        continue;
      }
      try (ChannelKinds ends = new ChannelKinds(directory)) {
        Path path = ends.path("large", before);
        SameFilePair.Channels channels = SameFilePair.HARD_LINK.open(ends, path);
        for (int to : new int[] {0, 8 * MIB, 25 * MIB}) {
          channels.target().position(to);
          UnsupportedMechanismException refusal =
              assertThrows(
                  UnsupportedMechanismException.class,
                  () ->
                      mechanism.transferTo(channels.source(), 8 * MIB, 30 * MIB, channels.target()),
                  mechanism::toString);
          boolean isUnknown = mechanism == Mechanism.REFLINK;
          assertTrue(isUnknown || refusal.getMessage().contains("EINVAL"), refusal.getMessage());
        }
        assertArrayEquals(before, Files.readAllBytes(path), mechanism.toString());
      } finally {
        deleteAll();
      }
    }
  }

  @Test
  void theReportTellsWhatMovedTheBytes() throws IOException {
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      SameFilePair.Channels channels =
          SameFilePair.OPENED_TWICE.open(ends, ends.path("told", content(3 * MIB)));
      channels.target().position(10);
      TransferReport report =
          Sluice.explainTransferTo(channels.source(), 0, 2 * MIB, channels.target());
      TransferReport.Step last = report.steps().get(report.steps().size() - 1);
      assertEquals(Mechanism.READ_WRITE, last.mechanism());
      assertEquals(2 * MIB, last.bytes());
      assertEquals(TransferReport.Ending.COMPLETE, report.ending());
    }
  }

  @Test
  void anotherMountOfTheFileIsTheSameFile() throws Exception {
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    byte[] before = content(MIB);
    Files.write(one.resolve("file"), before);
    try (Tools.Mount mount = Tools.Mount.again(one, two);
        FileChannel source = FileChannel.open(one.resolve("file"));
        FileChannel target =
            FileChannel.open(mount.folder().resolve("file"), StandardOpenOption.WRITE)) {
      assertEquals(900_000, Sluice.transferTo(source, 0, 900_000, target.position(100)));
      byte[] expected = SameFilePair.moved(before, 0, 100, 900_000);
      assertArrayEquals(expected, Files.readAllBytes(one.resolve("file")));
    }
  }

  @Test
  void whatIsAppendedToTheSourceIsNotChased() throws IOException {
    byte[] before = content(700_000);
    for (Implementation implementation :
        new Implementation[] {
          Implementation.SLUICE, Implementation.READ_WRITE, Implementation.MMAP_WRITE
        }) {
      try (ChannelKinds ends = new ChannelKinds(directory)) {
        Path path = ends.path("appended", before);
        FileChannel source = ends.keep(FileChannel.open(path));
        FileChannel target = ends.keep(FileChannel.open(path, StandardOpenOption.APPEND));
        String name = implementation.toString();
        assertEquals(699_900, implementation.transferTo(source, 100, Long.MAX_VALUE, target), name);
        assertArrayEquals(
            SameFilePair.moved(before, 100, 700_000, 700_000), Files.readAllBytes(path));
        assertEquals(5, implementation.transferTo(source, 1_399_895, 1_000_000, target), name);
      }
    }
  }

  private enum Act {
    CLOSE_SOURCE(AsynchronousCloseException.class),
    CLOSE_TARGET(AsynchronousCloseException.class),
    INTERRUPT(ClosedByInterruptException.class);

    private final Class<? extends Exception> result;

    Act(Class<? extends Exception> result) {
      this.result = result;
    }

    void on(SameFilePair.Channels channels, Thread thread) throws IOException {
      switch (this) {
        case CLOSE_SOURCE -> channels.source().close();
        case CLOSE_TARGET -> channels.target().close();
        case INTERRUPT -> thread.interrupt();
      }
    }
  }

  /** The bytes before the target's end have been overwritten perhaps, and none is told. */
  @ParameterizedTest
  @EnumSource(Act.class)
  void aCloseInTheMiddleTellsNoByteAndLeavesTheBeginning(Act act) throws Exception {
    long count = 8L << 30;
    byte[] head = content(MIB);
    Path path = directory.resolve("long");
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Files.write(path, head);
      SameFilePair.Channels channels = SameFilePair.OPENED_TWICE.open(ends, path);
      channels.source().write(ByteBuffer.allocate(1), count - 1);
      channels.target().position(MIB / 2);
      FutureTask<Long> transfer =
          new FutureTask<>(() -> Sluice.transferTo(channels.source(), 0, count, channels.target()));
      Thread thread = new Thread(transfer);
      thread.start();
      Thread.sleep(50);
      assertFalse(transfer.isDone());
      TimeLimit begun = TimeLimit.begin();
      act.on(channels, thread);
      ExecutionException e =
          assertThrows(
              ExecutionException.class, () -> transfer.get(HANGS_MILLIS, TimeUnit.MILLISECONDS));
      begun.assertEnded();
      assertEquals(act.result, e.getCause().getClass());
      byte[] now = new byte[MIB];
      try (var in = Files.newInputStream(path)) {
        in.readNBytes(now, 0, MIB);
      }
      assertArrayEquals(head, now);
    } finally {
      Files.deleteIfExists(path);
    }
  }

  @Test
  void aDiskThatIsFullLeavesTheFileAsItWas() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    byte[] before = content(700_000);
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=" + MIB);
        ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = Files.write(mount.folder().resolve("file"), before);
      SameFilePair.Channels channels = SameFilePair.OPENED_TWICE.open(ends, path);
      channels.target().position(600_000);
      IOException full =
          assertThrows(
              IOException.class,
              () -> Sluice.transferTo(channels.source(), 0, 700_000, channels.target()));
      assertTrue(full.getMessage().contains("ENOSPC"), full.getMessage());
      assertArrayEquals(before, Files.readAllBytes(path));
      assertEquals(600_000, channels.target().position());
    }
  }

  /** Also when the channel it was mapped by is closed, and of what was written privately. */
  @Test
  void aRegionIsMovedWithinItsFile() throws IOException {
    for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE)) {
      for (Range range :
          List.of(
              Range.within(0, 0, 20_000),
              Range.within(50, 0, 3_000_000),
              Range.within(7000, 7001, 3_000_000),
              Range.within(7000, 307_000, 3_000_000),
              Range.within(0, 20 * MIB, 40 * MIB),
              new Range(3_000_000, 100, 2_900_000, 2_900_000))) {
        regionWithin(mode, range);
      }
    }
  }

  private void regionWithin(MapMode mode, Range range) throws IOException {
    String name = mode + " " + range;
    byte[] before = content(range.size);
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = ends.path("mapped", before);
      int start = Math.min(range.from, 50);
      byte[] seen = before.clone();
      try (MappedRegion region = mapped(path, mode, start, range.size - start);
          FileChannel target = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (mode == MapMode.PRIVATE) {
          for (int at = range.from; at < range.from + range.count; at += 10_000) {
            seen[at] ^= 1;
            region.put(at - start, seen[at]);
          }
        }
        target.position(range.to);
        long sent = region.transferTo(range.from - start, range.count, target);
        assertEquals(range.count, sent, name);
        assertEquals(range.to + range.count, target.position(), name);
      }
      byte[] expected = SameFilePair.moved(before, range.from, range.to, range.count);
      System.arraycopy(seen, range.from, expected, range.to, range.count);
      assertArrayEquals(expected, Files.readAllBytes(path), name);
    } finally {
      deleteAll();
    }
  }

  private static MappedRegion mapped(Path path, MapMode mode, long start, long size)
      throws IOException {
    try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite())) {
      return MappedRegion.map(file, mode, start, size);
    }
  }
}

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Megabytes of a file are moved within it, by every mechanism that can, and by every path to it.
 */
@Tag("any-jdk")
@Tag("both-guards")
class LargeOverlapTest extends OverlapFixture {
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
}

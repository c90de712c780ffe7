package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A region is moved within the file that it maps. */
@Tag("both-guards")
@Tag("slow")
class RegionOverlapTest extends OverlapFixture {
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
    byte[] before = content(range.size());
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = ends.path("mapped", before);
      int start = Math.min(range.from(), 50);
      byte[] seen = before.clone();
      try (MappedRegion region = mapped(path, mode, start, range.size() - start);
          FileChannel target = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (mode == MapMode.PRIVATE) {
          for (int at = range.from(); at < range.from() + range.count(); at += 10_000) {
            seen[at] ^= 1;
            region.put(at - start, seen[at]);
          }
        }
        target.position(range.to());
        long sent = region.transferTo(range.from() - start, range.count(), target);
        assertEquals(range.count(), sent, name);
        assertEquals(range.to() + range.count(), target.position(), name);
      }
      byte[] expected = SameFilePair.moved(before, range.from(), range.to(), range.count());
      System.arraycopy(seen, range.from(), expected, range.to(), range.count());
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

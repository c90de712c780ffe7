package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a region, which is used as a region is. */
@Tag("both-guards")
@Tag("emulated")
class SliceTest {
  private static final int SIZE = 10_000;

  @TempDir Path directory;

  private MappedRegion region() throws IOException {
    byte[] content = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      content[i] = (byte) i;
    }
    Path path = Files.write(Files.createTempFile(directory, "file", ".bin"), content);
    return MappedRegion.map(path, MapMode.READ_WRITE);
  }

  @Test
  void itHasLimitsAndAnOrderOfItsOwn() throws IOException {
    try (MappedRegion region = region().order(ByteOrder.LITTLE_ENDIAN)) {
      MappedRegion slice = region.slice(16, 100);
      assertEquals(ByteOrder.BIG_ENDIAN, slice.order());
      assertEquals(100, slice.size());
      assertEquals(0x10111213, slice.getInt(0));
      assertEquals(0x13121110, region.getInt(16));
      assertEquals(0x13121110, slice.order(ByteOrder.LITTLE_ENDIAN).getInt(0));
      assertEquals(0x1f1e1d1c, slice.slice(8, 8).order(slice.order()).getInt(4));
      for (long offset : new long[] {-1, 97, 100, Long.MAX_VALUE}) {
        assertThrows(IndexOutOfBoundsException.class, () -> slice.getInt(offset));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.putInt(offset, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(offset, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.buffer(offset, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.read(offset, new byte[4], 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> slice.force(offset, 4));
      }
      assertEquals(0, region.slice(SIZE, 0).load().force().size());
      slice.putShort(98, (short) 7);
      assertEquals((byte) 7, region.get(114));
      assertEquals(16, slice.buffer().get(0));
      assertEquals(100, slice.buffer().capacity());
      byte[] read = new byte[3];
      slice.read(1, read, 0, 3);
      assertEquals(19, read[2]);
      slice.write(50, read, 0, 3);
      assertEquals(18, region.get(67));
    }
  }

  @Test
  void alignmentIsThatOfItsPlaceInMemory() throws IOException {
    try (MappedRegion region = region()) {
      MappedRegion slice = region.slice(4, 100);
      assertThrows(IllegalArgumentException.class, () -> slice.getLongVolatile(0));
      slice.putLongVolatile(4, 77);
      assertEquals(77, region.getLongAcquire(8));
      assertEquals(77, slice.getAndAddLong(4, 1));
    }
  }

  @Test
  void itIsClosedWithItsRegion() throws IOException {
    MappedRegion region = region();
    MappedRegion slice = region.slice(10, 100);
    MappedRegion part = slice.slice(8, 10);
    region.close();
    isClosed(slice);
    isClosed(part);
    assertThrows(IllegalStateException.class, () -> region.slice(0, 1));
  }

  @Test
  void itIsClosedByItselfAndReleasesNothing() throws IOException {
    try (MappedRegion region = region()) {
      MappedRegion slice = region.slice(10, 100);
      MappedRegion other = region.slice(10, 100);
      slice.close();
      slice.close();
      isClosed(slice);
      assertEquals(10, other.get(0));
      assertEquals(10, region.get(10));
      assertEquals(11, region.buffer().get(11));
    }
  }

  private static void isClosed(MappedRegion slice) {
    assertThrows(IllegalStateException.class, () -> slice.get(0));
    assertThrows(IllegalStateException.class, () -> slice.put(0, (byte) 1));
    assertThrows(IllegalStateException.class, () -> slice.get(0, new int[1], 0, 1));
    assertThrows(IllegalStateException.class, () -> slice.compareAndSetInt(2, 1, 2));
    assertThrows(IllegalStateException.class, () -> slice.read(0, new byte[1], 0, 1));
    assertThrows(IllegalStateException.class, () -> slice.buffer(0, 1));
    assertThrows(IllegalStateException.class, () -> slice.slice(0, 1));
    assertThrows(IllegalStateException.class, () -> slice.resize(1));
    assertThrows(IllegalStateException.class, slice::size);
    assertThrows(IllegalStateException.class, slice::force);
    assertThrows(IllegalStateException.class, slice::isLoaded);
  }

  @Test
  void itFollowsItsRegionThroughAResizeUnlessItIsNotThere() throws IOException {
    try (MappedRegion region = region()) {
      MappedRegion first = region.slice(0, 100).order(ByteOrder.LITTLE_ENDIAN);
      MappedRegion last = region.slice(9_000, 1_000);
      region.resize(3 * SIZE);
      assertEquals(0x03020100, first.getInt(0));
      assertEquals((byte) 9_000, last.get(0));
      last.put(5, (byte) 99);
      region.resize(9_500);
      assertEquals(99, region.get(9_005));
      assertEquals(1, first.get(1));
      assertEquals(1, first.buffer().get(1));
      IllegalStateException e = assertThrows(IllegalStateException.class, () -> last.get(0));
      assertEquals(true, e.getMessage().contains("resized to 9500 bytes"), e.getMessage());
      assertThrows(IllegalStateException.class, last::size);
      assertThrows(IllegalStateException.class, () -> last.put(0, new long[1], 0, 1));
      assertThrows(IllegalStateException.class, () -> last.buffer(0, 1));
      assertThrows(IllegalStateException.class, last::force);
      region.resize(SIZE);
      assertEquals(99, last.get(5));
      assertThrows(UnsupportedOperationException.class, () -> last.resize(10));
      assertEquals(1_000, last.size());
    }
  }
}

package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The single values that a mapped region reads, writes and refuses. */
@Tag("both-guards")
@Tag("emulated")
class RegionValuesTest extends RandomFileFixture {
  @Test
  void valuesAreThoseOfAByteBufferInEitherOrder() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      assertEquals(ByteOrder.BIG_ENDIAN, region.order());
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        region.order(order);
        ByteBuffer same = ByteBuffer.wrap(content).order(order);
        for (int at = 0; at < 100; at++) {
          assertEquals(same.get(at), region.get(at));
          assertEquals(same.getShort(at), region.getShort(at));
          assertEquals(same.getChar(at), region.getChar(at));
          assertEquals(same.getInt(at), region.getInt(at));
          assertEquals(same.getLong(at), region.getLong(at));
          assertEquals(same.getFloat(at), region.getFloat(at));
          assertEquals(same.getDouble(at), region.getDouble(at));
        }
        region.put(1, (byte) 5);
        region.putShort(3, (short) 0x1234);
        region.putChar(5, 'x');
        region.putInt(7, 0x12345678);
        region.putLong(11, 0x123456789abcdef0L);
        region.putFloat(21, 1.5f);
        region.putDouble(25, -2.5);
        same.put(1, (byte) 5).putShort(3, (short) 0x1234).putChar(5, 'x').putInt(7, 0x12345678);
        same.putLong(11, 0x123456789abcdef0L).putFloat(21, 1.5f).putDouble(25, -2.5);
        assertArrayEquals(content, Files.readAllBytes(path));
      }
    }
  }

  @Test
  void orderedAndAtomicAccessIsAlignedAndInEitherOrder() throws IOException {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_WRITE)) {
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        region.order(order);
        region.putLongVolatile(16, 41);
        assertEquals(41, region.getLongAcquire(16));
        assertFalse(region.compareAndSetLong(16, 40, 50));
        assertTrue(region.compareAndSetLong(16, 41, 42));
        assertEquals(42, region.getAndAddLong(16, 8));
        assertEquals(50, region.getLong(16));
        region.putLongRelease(16, 51);
        assertEquals(51, region.getLongVolatile(16));
        region.putIntVolatile(24, 7);
        assertTrue(region.compareAndSetInt(24, 7, 9));
        assertEquals(9, region.getAndAddInt(24, -2));
        region.putIntRelease(28, 3);
        assertEquals(7, region.getIntAcquire(24));
        assertEquals(3, region.getIntVolatile(28));
      }
      assertThrows(IllegalArgumentException.class, () -> region.getLongVolatile(20));
      assertThrows(IllegalArgumentException.class, () -> region.putIntVolatile(22, 1));
      assertThrows(IllegalArgumentException.class, () -> region.compareAndSetInt(21, 1, 2));
    }
  }

  @Test
  void whatIsNotWithinTheRegionOrReadOnlyIsRefused() throws IOException {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_ONLY)) {
      for (long offset : new long[] {-1, SIZE - 7, SIZE, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThrows(IndexOutOfBoundsException.class, () -> region.getLong(offset));
        assertThrows(IndexOutOfBoundsException.class, () -> region.putLong(offset, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> region.read(offset, new byte[8], 0, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(offset, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> region.force(offset, 8));
        assertThrows(
            IndexOutOfBoundsException.class, () -> region.advise(Advice.RANDOM, offset, 8));
      }
      assertThrows(ReadOnlyBufferException.class, () -> region.putLong(0, 1));
      assertThrows(ReadOnlyBufferException.class, () -> region.compareAndSetLong(0, 1, 2));
      assertThrows(ReadOnlyBufferException.class, () -> region.write(0, new byte[1], 0, 1));
      assertTrue(region.buffer().isReadOnly());
    }
  }

  @Test
  void aRegionOf5GibIsReadAndWrittenPast4Gib() throws IOException {
    Path path = directory.resolve("large");
    long size = 5L << 30;
    try (FileChannel file =
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE);
        MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, size)) {
      assertEquals(size, region.size());
      long[] offsets = {(1L << 30) - 4, (1L << 32) + 5, size - 8};
      for (long offset : offsets) {
        region.putLong(offset, offset);
      }
      ByteBuffer read = ByteBuffer.allocate(8);
      for (long offset : offsets) {
        assertEquals(offset, region.getLong(offset));
        file.read(read.clear(), offset);
        assertEquals(offset, read.getLong(0));
        region.read(offset, read.clear());
        assertEquals(offset, read.getLong(0));
        assertEquals(offset, region.buffer(offset, 8).getLong(0));
      }
      assertThrows(IllegalStateException.class, region::buffer);
    } finally {
      Files.deleteIfExists(path);
    }
  }
}

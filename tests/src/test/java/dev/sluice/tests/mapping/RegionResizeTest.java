package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A mapped region that is resized keeps its bytes, and its file grows. */
@Tag("both-guards")
@Tag("emulated")
class RegionResizeTest extends RandomFileFixture {
  @Test
  void aRegionOfNothingIsEmpty() throws IOException {
    Path path = Files.createTempFile(directory, "empty", "");
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      assertEquals(0, region.size());
      assertEquals(0, region.buffer().capacity());
      assertThrows(IndexOutOfBoundsException.class, () -> region.get(0));
      assertTrue(region.load().force().advise(Advice.SEQUENTIAL).isLoaded());
      region.resize(100).putLong(50, 7);
      assertEquals(100, Files.size(path));
      assertEquals(7, region.getLong(50));
    }
  }

  @Test
  void aResizedRegionHasItsBytesAndTheFileGrows() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      region.order(ByteOrder.LITTLE_ENDIAN).resize(3 * SIZE);
      assertEquals(ByteOrder.LITTLE_ENDIAN, region.order());
      assertEquals(3 * SIZE, Files.size(path));
      assertEquals(ByteBuffer.wrap(content), region.buffer(0, SIZE));
      region.putInt(2 * SIZE, 77);
      region.resize(SIZE);
      assertEquals(SIZE, region.size());
      assertThrows(IndexOutOfBoundsException.class, () -> region.getInt(2 * SIZE));
      assertEquals(3 * SIZE, Files.size(path));
      assertThrows(IllegalArgumentException.class, () -> region.resize(-1));
    }
  }

  @Test
  void aPrivateRegionKeepsWhatWasWrittenWhenItIsResized() throws IOException {
    Path path = file();
    for (int start : new int[] {0, 100}) {
      try (FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite());
          MappedRegion region = MappedRegion.map(channel, MapMode.PRIVATE, start, 9_000)) {
        region.putLong(3, 77);
        region.putLong(8_500, 78);
        region.resize(3 * SIZE);
        region.putLong(2 * SIZE, 79);
        assertEquals(77, region.getLong(3));
        assertEquals(78, region.getLong(8_500));
        assertEquals(content[start + 20], region.get(20));
        region.resize(100).resize(8_000);
        assertEquals(77, region.getLong(3));
        assertEquals(content[start + 7_000], region.get(7_000));
        assertArrayEquals(content, Arrays.copyOf(Files.readAllBytes(path), SIZE));
      }
    }
  }

  @Test
  void aBufferOfBeforeAResizeKeepsItsAddresses() throws Exception {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_WRITE)) {
      long before = retiredMappingsInUse();
      List<ByteBuffer> buffers = new java.util.ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        buffers.add(region.buffer(0, 10));
        region.resize(i * SIZE);
        assertEquals(ByteBuffer.wrap(content), region.buffer(0, SIZE));
      }
      assertTrue(retiredMappings() >= before && buffers.size() == 20);
    }
  }

  /**
   * Without those that other tests have left, which a collection during the test would give back.
   */
  private static long retiredMappingsInUse() throws Exception {
    long last = Long.MAX_VALUE;
    for (long now = retiredMappings(); now < last; now = retiredMappings()) {
      last = now;
      System.gc();
      Thread.sleep(100);
    }
    return last;
  }

  private static long retiredMappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("sluice-retired"))
        .count();
  }
}

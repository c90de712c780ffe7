package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a mapped region begins and ends, and on which threads. */
@Tag("both-guards")
@Tag("emulated")
class MappedRegionTest extends RandomFileFixture {
  @Test
  void argumentsAreCheckedAsByFileChannelMap() throws IOException {
    Path path = file();
    try (FileChannel reading = FileChannel.open(path);
        FileChannel writing = FileChannel.open(path, StandardOpenOption.WRITE);
        FileChannel both = FileChannel.open(path, ChannelKinds.readWrite())) {
      assertThrows(NullPointerException.class, () -> MappedRegion.map(both, null, 0, 1));
      assertThrows(
          IllegalArgumentException.class, () -> MappedRegion.map(both, MapMode.READ_ONLY, -1, 1));
      assertThrows(
          IllegalArgumentException.class, () -> MappedRegion.map(both, MapMode.READ_ONLY, 0, -1));
      assertThrows(
          IllegalArgumentException.class,
          () -> MappedRegion.map(both, MapMode.READ_ONLY, 2, Long.MAX_VALUE));
      assertThrows(
          NonWritableChannelException.class,
          () -> MappedRegion.map(reading, MapMode.READ_WRITE, 0, 1));
      assertThrows(
          NonWritableChannelException.class,
          () -> MappedRegion.map(reading, MapMode.PRIVATE, 0, 1));
      assertThrows(
          NonReadableChannelException.class,
          () -> MappedRegion.map(writing, MapMode.READ_WRITE, 0, 1));
      IOException e =
          assertThrows(
              IOException.class, () -> MappedRegion.map(reading, MapMode.READ_ONLY, SIZE - 1, 10));
      assertTrue(e.getMessage().contains("cannot extend file to required size"), e.getMessage());
      MappedRegion.map(both, MapMode.READ_WRITE, SIZE, 10).close();
      assertEquals(SIZE + 10, both.size());
    }
    FileChannel closed = FileChannel.open(path);
    closed.close();
    assertThrows(
        ClosedChannelException.class, () -> MappedRegion.map(closed, MapMode.READ_ONLY, 0, 1));
  }

  @Test
  void aClosedRegionRefusesEverythingAndMayBeClosedAgain() throws IOException {
    Path path = file();
    MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE);
    region.close();
    region.close();
    for (org.junit.jupiter.api.function.Executable call :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> region.get(0),
            () -> region.getLongVolatile(0),
            () -> region.putLong(0, 1),
            () -> region.compareAndSetInt(0, 1, 2),
            () -> region.read(0, new byte[1], 0, 1),
            () -> region.write(0, new byte[1], 0, 1),
            () -> region.buffer(0, 1),
            region::buffer,
            region::size,
            region::force,
            region::load,
            region::isLoaded,
            region::residentBytes,
            region::lock,
            () -> region.advise(Advice.RANDOM),
            () -> region.resize(5),
            () -> region.order(ByteOrder.LITTLE_ENDIAN))) {
      assertThrows(IllegalStateException.class, call);
    }
    assertTrue(
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .noneMatch(line -> line.contains(path.toString())));
  }

  @Test
  void aVirtualThreadMapsReadsWritesAndCloses() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        VirtualThreads.ARE_THERE, "needs a JDK with virtual threads");
    Path path = file();
    java.util.concurrent.FutureTask<Long> task =
        new java.util.concurrent.FutureTask<>(
            () -> {
              try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
                region.putLong(8, 5);
                region.resize(2 * SIZE).force();
                byte[] read = new byte[8];
                region.read(8, read, 0, 8);
                return ByteBuffer.wrap(read).getLong() + region.getLong(8);
              }
            });
    VirtualThreads.start(task);
    assertEquals(10, task.get(10, java.util.concurrent.TimeUnit.SECONDS));
  }
}

package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MapOption;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted maps a file by its path and uses the region as any other. */
@Tag("both-guards")
@Tag("emulated")
class InterruptedRegionTest {
  private static final int SIZE = 10_000;

  @TempDir Path directory;

  @AfterEach
  void isNotInterruptedAnyMore() {
    Thread.interrupted();
  }

  @Test
  void anInterruptDoesNotSpoilARegionOfAPath() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[SIZE]);
    for (MapMode mode : new MapMode[] {MapMode.READ_WRITE, MapMode.PRIVATE}) {
      Thread.currentThread().interrupt();
      try (MappedRegion region = MappedRegion.map(path, mode, MapOption.POPULATE)) {
        region.putLong(8, 5);
        region.write(16, new byte[] {7}, 0, 1);
        region.resize(2 * SIZE).load().force().advise(Advice.RANDOM);
        assertEquals(5, region.getLong(8));
        byte[] read = new byte[1];
        region.read(16, read, 0, 1);
        assertEquals(7, read[0]);
        assertEquals(7, region.buffer().get(16));
        region.resize(SIZE);
        assertEquals(5, region.getAndAddLong(8, 1));
        assertTrue(Thread.currentThread().isInterrupted());
      }
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aTransferThatIsInterruptedClosesItsTargetAlone() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[SIZE]);
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      FileChannel target = FileChannel.open(directory.resolve("file"), ChannelKinds.readWrite());
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> region.transferTo(0, SIZE, target));
      assertTrue(Thread.interrupted());
      assertFalse(target.isOpen());
      region.resize(2 * SIZE).putLong(SIZE, 3);
      assertEquals(3, region.getLong(SIZE));
      try (FileChannel next = FileChannel.open(path, ChannelKinds.readWrite())) {
        assertEquals(8, region.transferTo(SIZE, 8, next));
        ByteBuffer read = ByteBuffer.allocate(8);
        next.read(read, 0);
        assertEquals(3, read.getLong(0));
      }
    }
  }
}

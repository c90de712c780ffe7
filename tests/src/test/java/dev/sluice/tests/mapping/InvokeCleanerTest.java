package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code Unsafe.invokeCleaner}, by which programs unmap the buffers of the JDK. */
@Tag("both-guards")
class InvokeCleanerTest {
  private static final int SIZE = 10_000;

  @TempDir Path directory;

  private static void invokeCleaner(ByteBuffer buffer) throws Exception {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field field = unsafe.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    Method invokeCleaner = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
    invokeCleaner.invoke(field.get(null), buffer);
  }

  private static long mappings(Path path) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(path.toString()))
        .count();
  }

  @Test
  void itUnmapsABufferOfSluiceMap() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[SIZE]);
    try (FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite())) {
      for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE}) {
        MappedByteBuffer buffer = Sluice.map(channel, mode, 100, SIZE - 100);
        assertEquals(1, mappings(path));
        for (ByteBuffer part : new ByteBuffer[] {buffer.slice(0, 10), buffer.duplicate()}) {
          InvocationTargetException e =
              assertThrows(InvocationTargetException.class, () -> invokeCleaner(part));
          assertEquals(IllegalArgumentException.class, e.getCause().getClass());
        }
        assertEquals(1, mappings(path));
        invokeCleaner(buffer);
        assertEquals(0, mappings(path));
        invokeCleaner(buffer);
      }
      invokeCleaner(Sluice.map(channel, MapMode.READ_WRITE, 0, 0));
    }
  }

  @Test
  void theRegionOfABufferThatIsCleanedStaysMapped() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[SIZE]);
    for (MapMode mode : new MapMode[] {MapMode.READ_WRITE, MapMode.PRIVATE}) {
      try (MappedRegion region = MappedRegion.map(path, mode)) {
        MappedByteBuffer other = region.buffer();
        for (int i = 0; i < 3; i++) {
          MappedByteBuffer buffer = region.buffer(10, 100);
          invokeCleaner(buffer);
          invokeCleaner(buffer);
        }
        region.putLong(8, 77);
        assertEquals(77, other.getLong(8));
        assertEquals(77, region.buffer().getLong(8));
      }
      assertEquals(0, mappings(path));
    }
  }
}

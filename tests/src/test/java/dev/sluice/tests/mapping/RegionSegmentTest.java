package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.MappedRegion;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A region as a memory segment, from JDK 22 on. The types are not there when these tests are
 * compiled, hence the handles; the segment is read by a buffer over it, which its arena guards too.
 */
@Tag("both-guards")
class RegionSegmentTest {
  private static final int SIZE = 1 << 20;
  private static final byte VALUE = 5;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "there are no memory segments before JDK 22");
    byte[] content = new byte[SIZE];
    Arrays.fill(content, VALUE);
    file = Files.write(directory.resolve("file"), content);
  }

  private static Object segment(MappedRegion region) throws Throwable {
    Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
    MethodHandle segment =
        MethodHandles.publicLookup()
            .findVirtual(MappedRegion.class, "segment", MethodType.methodType(type));
    return segment.invoke(region);
  }

  private static ByteBuffer buffer(Object segment) throws Exception {
    Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
    return (ByteBuffer) type.getMethod("asByteBuffer").invoke(segment);
  }

  private static MapMode mode(String name) {
    return switch (name) {
      case "READ_ONLY" -> MapMode.READ_ONLY;
      case "READ_WRITE" -> MapMode.READ_WRITE;
      default -> MapMode.PRIVATE;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ_ONLY", "READ_WRITE", "PRIVATE"})
  void itShowsWhatTheRegionShowsUntilThatIsClosed(String mode) throws Throwable {
    MappedRegion region = MappedRegion.map(file, mode(mode));
    ByteBuffer bytes = buffer(segment(region));
    assertEquals(SIZE, bytes.capacity());
    assertEquals(mode.equals("READ_ONLY"), bytes.isReadOnly());
    if (!bytes.isReadOnly()) {
      region.putLong(8, 42);
      assertEquals(42, bytes.getLong(8));
      bytes.putLong(16, 43);
      assertEquals(43, region.getLong(16));
      assertEquals(43, region.buffer().getLong(16));
    }
    ByteBuffer part = buffer(segment(region.slice(100, 50)));
    assertEquals(50, part.capacity());
    region.close();
    assertThrows(IllegalStateException.class, () -> bytes.get(0));
    assertThrows(IllegalStateException.class, () -> part.get(0));
    assertThrows(IllegalStateException.class, () -> segment(region));
  }

  @Test
  void aResizeEndsIt() throws Throwable {
    try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE)) {
      ByteBuffer bytes = buffer(segment(region));
      region.resize(2 * SIZE);
      assertThrows(IllegalStateException.class, () -> bytes.get(0));
      assertEquals(2 * SIZE, buffer(segment(region)).capacity());
    }
  }

  @Test
  void readersThatMeetTheCloseSeeValuesOrThatItIsClosed() throws Throwable {
    for (int round = 0; round < 300; round++) {
      MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY);
      ByteBuffer bytes = buffer(segment(region));
      FutureTask<Boolean> reader =
          new FutureTask<>(
              () -> {
                try {
                  for (int at = 0; true; at = at + 1 & SIZE - 1) {
                    assertEquals(VALUE, bytes.get(at));
                  }
                } catch (IllegalStateException e) {
                  return true;
                }
              });
      Thread thread = new Thread(reader);
      thread.start();
      Thread.sleep(round % 2);
      region.close();
      assertTrue(reader.get());
    }
  }

  @Test
  void aRegionThatIsForgottenLeavesItsSegmentMapped() throws Throwable {
    ByteBuffer bytes = forgotten();
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
      assertEquals(VALUE, bytes.get(i));
    }
  }

  private ByteBuffer forgotten() throws Throwable {
    try (FileChannel channel = FileChannel.open(file)) {
      return buffer(segment(MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE)));
    }
  }
}

package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code Sluice.map} beside {@code FileChannel.map}: one body of cases, everything that is seen.
 */
@Tag("both-guards")
@Tag("slow")
class MapParityTest {
  private static final List<MapMode> MODES =
      Arrays.asList(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE, null);
  private static final long[] POSITIONS = {0, 1, 4_095, 4_096, 10_000, 15_000, -1, Long.MAX_VALUE};
  private static final long[] SIZES = {0, 1, 4_096, 5_000, 10_000, -1, 1L << 31, Long.MAX_VALUE};
  private static final int[] FILES = {0, 10_000};
  private static final List<Set<? extends OpenOption>> OPTIONS =
      List.of(
          Set.of(StandardOpenOption.READ),
          Set.of(StandardOpenOption.WRITE),
          Set.of(StandardOpenOption.APPEND),
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.SYNC));

  @TempDir Path directory;

  private interface Map {
    MappedByteBuffer run(FileChannel channel, MapMode mode, long position, long size)
        throws IOException;
  }

  @Test
  void everyCaseEndsAsByFileChannelMap() throws IOException {
    List<String> differences = new ArrayList<>();
    int cases = 0;
    for (MapMode mode : MODES) {
      for (long position : POSITIONS) {
        for (long size : SIZES) {
          for (int length : FILES) {
            for (Set<? extends OpenOption> options : OPTIONS) {
              for (boolean isOpen : new boolean[] {true, false}) {
                String nio = seen(FileChannel::map, mode, position, size, length, options, isOpen);
                String ours = seen(Sluice::map, mode, position, size, length, options, isOpen);
                cases++;
                if (!nio.equals(ours)) {
                  differences.add(
                      String.format(
                          "%s %d %d of %d, %s, open %b:%n  %s%n  %s",
                          mode, position, size, length, options, isOpen, nio, ours));
                }
              }
            }
          }
        }
      }
    }
    assertEquals(List.of(), differences, differences.size() + " of " + cases + " differ");
  }

  private String seen(
      Map map,
      MapMode mode,
      long position,
      long size,
      int length,
      Set<? extends OpenOption> options,
      boolean isOpen)
      throws IOException {
    byte[] content = new byte[length];
    new Random(3).nextBytes(content);
    Path path = Files.write(directory.resolve("file"), content);
    FileChannel channel = FileChannel.open(path, options);
    try (channel) {
      if (!isOpen) {
        channel.close();
      }
      String result;
      try {
        result = seen(map.run(channel, mode, position, size));
      } catch (IOException | RuntimeException e) {
        // The message of an IOException names the call that failed; all other messages are the
        // JDK's.
        boolean isChecked = e instanceof IOException;
        result = e.getClass().getName() + (isChecked ? "" : ": " + e.getMessage());
      }
      return result
          + "; file "
          + Files.size(path)
          + " "
          + Arrays.hashCode(beginning(path))
          + (isOpen ? " at " + channel.position() : "");
    }
  }

  /** Where a file may be so long, as on XFS, a case makes it {@link Long#MAX_VALUE} bytes long. */
  private static byte[] beginning(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(1 << 16);
    }
  }

  private static String seen(MappedByteBuffer buffer) {
    StringBuilder seen = new StringBuilder();
    seen.append(buffer.getClass()).append(buffer).append(buffer.order());
    seen.append(buffer.isReadOnly()).append(buffer.isDirect()).append(buffer.hashCode());
    if (!buffer.isReadOnly() && buffer.hasRemaining()) {
      buffer.put(0, (byte) (buffer.get(0) + 1));
      buffer.force();
    }
    seen.append(buffer.load().isLoaded());
    if (buffer.capacity() > 2) {
      seen.append(buffer.slice(1, 2)).append(buffer.slice(1, 2).hashCode());
      seen.append(buffer.duplicate().position(1).isReadOnly());
      seen.append(buffer.slice(1, 2).getClass());
      seen.append(buffer.duplicate().position(1).force().position());
    }
    return seen.toString();
  }

  @Test
  void theFileIsUnmappedWhenNothingReachesTheBuffer() throws Exception {
    Path path = Files.write(directory.resolve("unmapped"), new byte[100_000]);
    Predicate<ByteBuffer> isMapped = view -> isMapped(path) && view != null;
    try (FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite())) {
      ByteBuffer view = Sluice.map(channel, MapMode.READ_WRITE, 5_000, 90_000).slice(5, 10);
      System.gc();
      Thread.sleep(100);
      view.put(0, (byte) 7);
      assertTrue(isMapped.test(view));
      view = null;
      for (int i = 0; i < 50 && isMapped(path); i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertFalse(isMapped(path));
    }
    assertEquals(7, Files.readAllBytes(path)[5_005]);
  }

  private static boolean isMapped(Path path) {
    try {
      return Files.readString(Path.of("/proc/self/maps")).contains(path.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

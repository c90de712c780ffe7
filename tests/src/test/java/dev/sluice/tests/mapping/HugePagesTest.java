package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file on a hugetlbfs, of which the kernel maps and unmaps whole huge pages only. */
class HugePagesTest {
  private static final Path RESERVED = Path.of("/proc/sys/vm/nr_hugepages");
  private static final int PAGE = 2 << 20;
  private static final int PAGES = 8;

  @TempDir static Path directory;

  private static String before;
  private static Tools.Mount mount;

  @BeforeAll
  static void reserve() throws Exception {
    Tools.assumeRoot();
    assumeTrue(Files.isWritable(RESERVED), "needs a kernel with huge pages");
    assumeTrue(meminfo("Hugepagesize") == PAGE >> 10, "needs huge pages of 2 MiB");
    before = Files.readAllLines(RESERVED).get(0);
    Files.writeString(RESERVED, Long.toString(Long.parseLong(before) + PAGES));
    assumeTrue(free() >= PAGES, "needs " + PAGES + " free huge pages");
    mount = Tools.Mount.of(directory, "hugetlbfs", "pagesize=2M");
  }

  @AfterAll
  static void giveBack() throws IOException {
    try {
      if (mount != null) {
        mount.close();
      }
    } finally {
      if (before != null) {
        Files.writeString(RESERVED, before);
      }
    }
  }

  private static long meminfo(String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      String line = lines.filter(each -> each.startsWith(name + ":")).findFirst().orElse("x 0");
      return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
  }

  private static long free() throws IOException {
    return meminfo("HugePages_Free");
  }

  private static long mappings(Path file) throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(file.toString())).count();
    }
  }

  private static FileChannel open(Path path, int pages) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength((long) pages * PAGE);
    }
    return FileChannel.open(path, ChannelKinds.readWrite());
  }

  @Test
  void closingReleasesThePages() throws Exception {
    Path path = directory.resolve("closed");
    long free = free();
    try (FileChannel file = open(path, 2)) {
      MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, 4096);
      ByteBuffer buffer = region.buffer(0, 4096);
      region.putLong(0, 42);
      region.force();
      assertEquals(42, region.getLong(0));
      assertEquals(1, mappings(path));
      region.close();
      assertEquals(0, mappings(path));
      assertThrows(
          InternalError.class,
          () -> {
            buffer.getLong(0);
            // Where HotSpot throws it, on 17.
            StackWalker.getInstance().walk(Stream::count);
          });
    }
    Files.delete(path);
    assertEquals(free, free());
  }

  @Test
  void aPartMayBeginAndEndAnywhere() throws Exception {
    Path path = directory.resolve("part");
    byte[] content = new byte[PAGE];
    new Random(9).nextBytes(content);
    int start = PAGE - 5000;
    try (FileChannel file = open(path, 3)) {
      for (MapMode mode : new MapMode[] {MapMode.READ_WRITE, MapMode.READ_ONLY, MapMode.PRIVATE}) {
        try (MappedRegion region = MappedRegion.map(file, mode, start, content.length)) {
          if (mode == MapMode.READ_WRITE) {
            region.write(0, content, 0, content.length);
          }
          byte[] read = new byte[content.length];
          region.read(0, read, 0, read.length);
          assertArrayEquals(content, read, mode.toString());
          ByteArrayOutputStream sent = new ByteArrayOutputStream();
          assertEquals(100, region.transferTo(7, 100, Channels.newChannel(sent)));
          assertArrayEquals(Arrays.copyOfRange(content, 7, 107), sent.toByteArray());
          assertTrue(region.residentBytes() > 0);
        }
        assertEquals(0, mappings(path), mode.toString());
      }
    }
    Files.delete(path);
  }

  @Test
  void anotherSizeReleasesThePagesOfTheLast() throws Exception {
    Path path = directory.resolve("resized");
    try (FileChannel file = open(path, 3);
        MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, 4096)) {
      region.putLong(0, 42);
      region.resize(2 * PAGE + 4096);
      assertEquals(42, region.getLong(0));
      region.putLong(2 * PAGE, 43);
      assertEquals(1, mappings(path));
      region.resize(4096);
      assertEquals(42, region.getLong(0));
      assertEquals(1, mappings(path));
    }
    assertEquals(0, mappings(path));
    Files.delete(path);
  }

  @Test
  void aBufferThatIsForgottenReleasesThePages() throws Exception {
    Path path = directory.resolve("forgotten");
    try (FileChannel file = open(path, 2)) {
      MappedByteBuffer buffer = Sluice.map(file, MapMode.READ_WRITE, PAGE - 8, 16);
      buffer.putLong(0, 42);
      WeakReference<MappedByteBuffer> forgotten = new WeakReference<>(buffer);
      buffer = null;
      for (int tries = 0; mappings(path) > 0 && tries < 100; tries++) {
        System.gc();
        Thread.sleep(50);
      }
      assertEquals(0, mappings(path), () -> "collected: " + (forgotten.get() == null));
    }
    Files.delete(path);
  }

  @Test
  void aLengthThatIsNoWholePageIsRefusedWithAReason() throws Exception {
    Path path = directory.resolve("short");
    try (FileChannel file = open(path, 1)) {
      IOException e =
          assertThrows(
              IOException.class, () -> MappedRegion.map(file, MapMode.READ_WRITE, 0, PAGE + 4096));
      assertTrue(e.getMessage().contains("whole huge pages"), e::toString);
    }
    Files.delete(path);
  }
}

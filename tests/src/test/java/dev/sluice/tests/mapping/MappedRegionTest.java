package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MapOption;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mapped region reads, writes and refuses. */
@Tag("both-guards")
class MappedRegionTest {
  private static final int SIZE = 10_000;

  @TempDir Path directory;

  private final byte[] content = new byte[SIZE];

  private Path file() throws IOException {
    new Random(1).nextBytes(content);
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content);
  }

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
  void bytesAreCopiedInAndOut() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      byte[] read = new byte[SIZE];
      region.read(7, read, 3, SIZE - 10);
      assertTrue(Arrays.equals(content, 7, SIZE - 3, read, 3, SIZE - 7));
      ByteBuffer direct = ByteBuffer.allocateDirect(100).position(10);
      region.read(50, direct);
      assertEquals(100, direct.position());
      assertEquals(ByteBuffer.wrap(content, 50, 90), direct.position(10));
      region.write(20, new byte[] {1, 2, 3, 4}, 1, 2);
      content[20] = 2;
      content[21] = 3;
      region.write(30, direct.position(10));
      System.arraycopy(content, 50, content, 30, 90);
      assertEquals(100, direct.position());
      assertArrayEquals(content, Files.readAllBytes(path));
    }
  }

  @Test
  void aPrivateRegionChangesNothingButItself() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.PRIVATE)) {
      region.putLong(100, 0);
      region.write(200, new byte[8], 0, 8);
      region.force();
      assertEquals(0, region.getLong(100));
      byte[] read = new byte[8];
      region.read(200, read, 0, 8);
      assertArrayEquals(new byte[8], read);
      assertArrayEquals(content, Files.readAllBytes(path));
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

  @Test
  void aTruncatedFileIsAnException() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE);
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
        ChannelKinds channels = new ChannelKinds(directory)) {
      file.truncate(100);
      for (IOException e :
          List.of(
              assertThrows(IOException.class, () -> region.read(5_000, new byte[10], 0, 10)),
              assertThrows(IOException.class, () -> region.read(0, new byte[SIZE], 0, SIZE)),
              assertThrows(
                  IOException.class, () -> region.read(5_000, ByteBuffer.allocateDirect(10))),
              assertThrows(IOException.class, () -> region.write(5_000, new byte[10], 0, 10)))) {
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("truncated"), e.getMessage());
        assertTrue(e.getMessage().contains("has 100 bytes now"), e.getMessage());
      }
      SocketChannel[] pair = channels.tcp();
      assertThrows(IOException.class, () -> region.transferTo(5_000, 10, pair[0]));
      assertEquals(100, region.transferTo(0, 100, pair[0]));
    }
  }

  @Test
  void aPartIsWrittenToAChannel() throws IOException {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_ONLY);
        ChannelKinds channels = new ChannelKinds(directory)) {
      ChannelKinds.Target target = channels.target(ChannelKinds.TargetKind.TCP);
      assertEquals(SIZE - 5, region.transferTo(5, SIZE - 5, target.channel()));
      assertEquals(0, region.transferTo(SIZE, 0, target.channel()));
      assertArrayEquals(Arrays.copyOfRange(content, 5, SIZE), target.arrived().bytes());
    }
  }

  @Test
  void buffersAreTheJdksOwnKind() throws IOException {
    Path path = file();
    boolean internals = !"off".equals(System.getProperty("dev.sluice.internals"));
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      MappedByteBuffer buffer = region.buffer(100, 1_000);
      assertEquals(ByteBuffer.wrap(content, 100, 1_000), buffer);
      buffer.put(0, (byte) (content[100] + 1));
      buffer.force();
      assertEquals((byte) (content[100] + 1), Files.readAllBytes(path)[100]);
      assertEquals(internals, buffer.load().isLoaded() && internals);
      assertEquals(1_000, region.buffer(0, 1_000).slice(10, 20).capacity() + 980);
      assertEquals(0, region.buffer(SIZE, 0).capacity());
    }
  }

  @Test
  void pagesAreLoadedAdvisedAndLocked() throws Exception {
    try (MappedRegion region =
        MappedRegion.map(file(), MapMode.READ_WRITE, MapOption.POPULATE, MapOption.NO_RESERVE)) {
      assertTrue(region.load().isLoaded());
      int page = Tools.pageSize();
      assertEquals((SIZE + page - 1) / page * page, region.residentBytes());
      for (Advice advice : Advice.values()) {
        // Large pages are for other file systems, or kernels.
        if (advice != Advice.HUGE_PAGE) {
          region.advise(advice).advise(advice, 5_000, 10);
        }
      }
      region.lock().unlock().force();
      assertEquals(ByteBuffer.wrap(content), region.buffer());
    }
  }

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
  void aFullDiskIsAnExceptionNowWhereBlocksAreSetAside() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=1M")) {
      Path path = mount.folder().resolve("file");
      try (FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        IOException e =
            assertThrows(
                IOException.class,
                () -> MappedRegion.map(file, MapMode.READ_WRITE, 0, 8 << 20, MapOption.ALLOCATE));
        assertTrue(e.getMessage().contains("ENOSPC"), e.getMessage());
        file.truncate(0);
        try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, 8 << 20)) {
          IOException full =
              assertThrows(IOException.class, () -> region.write(0, new byte[8 << 20], 0, 8 << 20));
          assertTrue(full.getMessage().contains("disk is full"), full.getMessage());
        }
      }
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
  void aBufferOfBeforeAResizeKeepsItsAddresses() throws IOException {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_WRITE)) {
      long before = retiredMappings();
      List<ByteBuffer> buffers = new java.util.ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        buffers.add(region.buffer(0, 10));
        region.resize(i * SIZE);
        assertEquals(ByteBuffer.wrap(content), region.buffer(0, SIZE));
      }
      assertTrue(retiredMappings() >= before && buffers.size() == 20);
    }
  }

  private static long retiredMappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("sluice-retired"))
        .count();
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

  @Test
  void bytesAreCopiedWhereTheCallIsForbidden() throws Exception {
    for (String errno : List.of("EPERM", "ENOSYS", "EACCES")) {
      String refusals = "process_vm_readv=" + errno + ",process_vm_writev=" + errno;
      ChildJvm.Result result =
          new ChildJvm()
              .under(System.getProperty("dev.sluice.tests.refuse"), refusals, "--")
              .with("-ea")
              .run(Copying.class, file().toString());
      assertEquals(0, result.exit(), result.output());
    }
  }

  /** Copies in and out, of what is private too, and past the end of a truncated file. */
  static final class Copying {
    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      byte[] content = Files.readAllBytes(path);
      for (MapMode mode : List.of(MapMode.PRIVATE, MapMode.READ_WRITE)) {
        try (MappedRegion region = MappedRegion.map(path, mode)) {
          byte[] read = new byte[SIZE];
          region.read(0, read, 0, SIZE);
          assertArrayEquals(content, read);
          content[500] ^= 1;
          region.write(500, content, 500, 4_000);
          region.read(0, read, 0, SIZE);
          assertArrayEquals(content, read);
          assertEquals(mode != MapMode.PRIVATE, Files.readAllBytes(path)[500] == content[500]);
          content[500] ^= (byte) (mode == MapMode.PRIVATE ? 1 : 0);
          if (mode == MapMode.READ_WRITE) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
              file.truncate(100);
            }
            IOException e =
                assertThrows(IOException.class, () -> region.read(5_000, new byte[9], 0, 9));
            assertTrue(e.getMessage().contains("has 100 bytes now"), e.getMessage());
          }
        }
      }
    }
  }
}

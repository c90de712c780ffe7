package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.MapOption;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.Internals;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages of a mapped region: loaded, locked, advised, written back, set aside. */
@Tag("both-guards")
class RegionPagesTest extends RandomFileFixture {
  @Test
  void buffersAreTheJdksOwnKind() throws IOException {
    Path path = file();
    boolean isFull = Internals.has("mapped buffers");
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      MappedByteBuffer buffer = region.buffer(100, 1_000);
      assertEquals(ByteBuffer.wrap(content, 100, 1_000), buffer);
      buffer.put(0, (byte) (content[100] + 1));
      buffer.force();
      assertEquals((byte) (content[100] + 1), Files.readAllBytes(path)[100]);
      assertEquals(isFull, buffer.load().isLoaded() && isFull);
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
}

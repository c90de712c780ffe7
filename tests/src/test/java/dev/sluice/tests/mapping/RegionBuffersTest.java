package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region and its buffers are of the same bytes while it is open. Afterwards a buffer is an error,
 * and never zeros, whatever the kernel refuses.
 */
@Tag("both-guards")
class RegionBuffersTest {
  private static final int SIZE = 3 << 16;

  @TempDir Path directory;

  private void run(ChildJvm child, Class<?> main) throws Exception {
    Path log = directory.resolve("hs_err.log");
    child.with("-ea", "-Xmx128m", "-XX:ErrorFile=" + log);
    ChildJvm.Result result = child.run(main, directory.toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(Files.notExists(log), result.output());
  }

  @Test
  void theyAreOfTheSameBytesAndLoudAfterwards() throws Exception {
    run(new ChildJvm().optimizing(), Modes.class);
  }

  @Test
  void inInterpretedCode() throws Exception {
    run(new ChildJvm().optimizing().with("-Xint"), Modes.class);
  }

  @Test
  void underAProfileThatForbidsMemfdCreate() throws Exception {
    String refuse = System.getProperty("dev.sluice.tests.refuse");
    for (String errno : List.of("EPERM", "ENOSYS")) {
      run(new ChildJvm().optimizing().under(refuse, "memfd_create=" + errno, "--"), Modes.class);
    }
  }

  @Test
  void whereNoDescriptorIsLeftABufferIsRefusedOrLoudAfterwards() throws Exception {
    Tools.assumeTool("prlimit");
    run(new ChildJvm().optimizing().under("prlimit", "--nofile=100"), NoDescriptor.class);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static Path file(Path directory) throws IOException {
    byte[] content = new byte[SIZE];
    java.util.Arrays.fill(content, (byte) 1);
    return Files.write(Files.createTempFile(directory, "file", ".bin"), content);
  }

  /** HotSpot throws the error of an access late: at a walk of the stack at the latest. */
  private static boolean isLoud(ByteBuffer buffer) {
    boolean isLoud = false;
    for (int at : new int[] {0, 100, buffer.capacity() - 1}) {
      isLoud = false;
      try {
        byte read = buffer.get(at);
        StackWalker.getInstance().walk(Stream::count);
        throw new AssertionError("a buffer of a closed region has read " + read);
      } catch (InternalError e) {
        isLoud = true;
      }
    }
    if (!buffer.isReadOnly()) {
      isLoud = false;
      try {
        buffer.put(7, (byte) 9);
        StackWalker.getInstance().walk(Stream::count);
      } catch (InternalError e) {
        isLoud = true;
      }
    }
    return isLoud;
  }

  /** All modes, with a buffer before and after the writes, through resizes, to the end. */
  static final class Modes {
    public static void main(String[] arguments) throws Exception {
      for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE)) {
        for (int i = 0; i < 30; i++) {
          Path path = file(Path.of(arguments[0]));
          used(path, mode);
          byte last = Files.readAllBytes(path)[SIZE - 1];
          check(last == (mode == MapMode.READ_WRITE ? 5 : 1), mode + " left " + last);
          Files.delete(path);
        }
      }
    }

    private static void used(Path path, MapMode mode) throws IOException {
      MappedRegion region = MappedRegion.map(path, mode);
      boolean isWritten = mode != MapMode.READ_ONLY;
      if (isWritten) {
        region.put(3, (byte) 3);
      }
      ByteBuffer first = region.buffer();
      MappedRegion slice = region.slice(SIZE / 2, SIZE / 2);
      ByteBuffer half = slice.buffer();
      check(first.get(3) == (isWritten ? 3 : 1), mode + ": what was written before");
      if (isWritten) {
        check(region.compareAndSetInt(8, 0x01010101, 4), "an exchange beside a buffer");
        check(first.getInt(8) == 4 && region.getAndAddInt(8, 1) == 4, "what was exchanged");
        half.put(SIZE / 2 - 1, (byte) 5);
        slice.put(0, new byte[] {6, 7}, 0, 2);
      }
      check(region.get(SIZE - 1) == (isWritten ? 5 : 1), mode + ": what a buffer wrote");
      check(first.get(SIZE - 1) == (isWritten ? 5 : 1), mode + ": what another buffer wrote");
      check(half.get(1) == (isWritten ? 7 : 1), mode + ": what a slice wrote");
      region.resize(SIZE / 2);
      check(isLoud(first) && isLoud(half), "a buffer of before a resize");
      check(region.get(3) == (isWritten ? 3 : 1), mode + ": what was written before a resize");
      ByteBuffer next = region.buffer();
      check(next.getInt(8) == (isWritten ? 5 : 0x01010101), mode + ": a buffer after a resize");
      region.close();
      check(isLoud(next) && isLoud(next.duplicate()) && isLoud(next.slice()), "after a close");
      check(isLoud(first) && isLoud(half), "after a close");
    }
  }

  /** Opens files until no more can be, and asks for buffers then. */
  static final class NoDescriptor {
    public static void main(String[] arguments) throws Exception {
      Path path = file(Path.of(arguments[0]));
      List<MappedRegion> regions = new ArrayList<>();
      for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE)) {
        regions.add(MappedRegion.map(path, mode));
      }
      List<FileChannel> all = new ArrayList<>();
      // The classes that an error needs are loaded while there are descriptors.
      StackWalker.getInstance().walk(Stream::count);
      try {
        while (true) {
          all.add(FileChannel.open(path));
        }
      } catch (IOException e) {
        check(all.size() > 10, "" + e);
      }
      List<ByteBuffer> buffers = new ArrayList<>();
      for (MappedRegion region : regions) {
        try {
          buffers.add(region.buffer());
        } catch (UncheckedIOException e) {
          check(e.getMessage().contains("EMFILE"), "" + e);
        }
        check(region.get(0) == 1, "a region without a buffer");
      }
      regions.forEach(MappedRegion::close);
      for (FileChannel each : all) {
        each.close();
      }
      for (ByteBuffer buffer : buffers) {
        check(isLoud(buffer), "after a close");
      }
    }
  }
}

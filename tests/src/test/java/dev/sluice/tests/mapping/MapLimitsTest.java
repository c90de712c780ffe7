package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.MapOption;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit that is met is named, and how to raise it. */
@Tag("both-guards")
class MapLimitsTest {
  @TempDir Path directory;

  private void run(Class<?> main, ChildJvm child) throws Exception {
    ChildJvm.Result result =
        child.with("-XX:+UseSerialGC", "-Xmx128m", "-ea").run(main, "" + directory);
    assertEquals(0, result.exit(), result.output());
  }

  private static void check(String message, String... parts) {
    for (String part : parts) {
      if (!message.contains(part)) {
        throw new AssertionError("without " + part + ": " + message);
      }
    }
  }

  private static FileChannel sparse(Path directory, long size) throws IOException {
    Path path = Files.createTempFile(directory, "sparse", ".bin");
    FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite());
    channel.write(java.nio.ByteBuffer.allocate(1), size - 1);
    return channel;
  }

  @Test
  void theNumberOfMappings() throws Exception {
    long most = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).get(0));
    assumeTrue(most < 100_000, "vm.max_map_count is " + most + ", too many to reach");
    // Where nothing can be mapped any more the JVM itself must not have to.
    ChildJvm child =
        new ChildJvm()
            .optimizing()
            .with("-Xms128m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1")
            .with("-XX:-UseDynamicNumberOfCompilerThreads")
            .with("-XX:InitialCodeCacheSize=48m", "-XX:ReservedCodeCacheSize=48m");
    run(Many.class, child);
  }

  /** Maps until it is refused, and again when some are closed. */
  static final class Many {
    public static void main(String[] arguments) throws Exception {
      List<MappedRegion> regions = new ArrayList<>();
      loadWhatTellsAnError();
      try (FileChannel channel = sparse(Path.of(arguments[0]), 8_192)) {
        String refusal = null;
        while (refusal == null) {
          try {
            regions.add(MappedRegion.map(channel, MapMode.READ_ONLY, 0, 8_192));
          } catch (IOException e) {
            refusal = e.getMessage();
          }
        }
        check(refusal, "ENOMEM in mmap", "vm.max_map_count", "sysctl -w vm.max_map_count");
        for (MappedRegion region : regions.subList(0, 1_000)) {
          region.close();
        }
        MappedRegion.map(channel, MapMode.READ_ONLY, 0, 8_192).close();
        regions.forEach(MappedRegion::close);
      }
    }

    private static void loadWhatTellsAnError() throws IOException {
      try {
        MappedRegion.map(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"), MapMode.READ_ONLY)
            .close();
      } catch (IOException e) {
        check(e.getMessage(), "in mmap");
      }
      try (java.util.stream.Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
        check("" + lines.count(), "");
      }
      check(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).get(0), "");
    }
  }

  @Test
  void lockedMemory() throws Exception {
    Tools.assumeTool("prlimit");
    Tools.assumeTool("setpriv");
    Tools.assumeRoot();
    ChildJvm child =
        new ChildJvm()
            .optimizing()
            .under("setpriv", "--inh-caps=-ipc_lock", "--bounding-set=-ipc_lock")
            .under("prlimit", "--memlock=65536");
    run(Locking.class, child);
  }

  /** Locks more than it may. */
  static final class Locking {
    public static void main(String[] arguments) throws Exception {
      try (FileChannel channel = sparse(Path.of(arguments[0]), 1 << 20)) {
        try (MappedRegion region = MappedRegion.map(channel, MapMode.READ_ONLY, 0, 1 << 20)) {
          region.lock();
          throw new AssertionError("it was locked");
        } catch (java.io.UncheckedIOException e) {
          check(e.getMessage(), "in mlock", "RLIMIT_MEMLOCK", "65536", "ulimit -l");
        }
        try {
          MappedRegion.map(channel, MapMode.READ_ONLY, 0, 1 << 20, MapOption.LOCKED).close();
          throw new AssertionError("it was locked");
        } catch (IOException e) {
          check(e.getMessage(), "in mlock", "RLIMIT_MEMLOCK", "65536", "ulimit -l");
        }
        MappedRegion.map(channel, MapMode.READ_ONLY, 0, 32_768, MapOption.LOCKED).close();
        // A closed region is not locked any more.
        MappedRegion.map(channel, MapMode.READ_ONLY, 0, 49_152, MapOption.LOCKED).close();
      }
    }
  }

  @Test
  void addresses() throws Exception {
    Tools.assumeTool("prlimit");
    run(Large.class, new ChildJvm().optimizing().under("prlimit", "--as=" + (8L << 30)));
  }

  /** Maps more than it may. */
  static final class Large {
    public static void main(String[] arguments) throws Exception {
      try (FileChannel channel = sparse(Path.of(arguments[0]), 16L << 30)) {
        MappedRegion.map(channel, MapMode.READ_ONLY, 0, 16L << 30).close();
        throw new AssertionError("it was mapped");
      } catch (IOException e) {
        check(e.getMessage(), "ENOMEM in mmap", "Max address space", "8589934592", "ulimit -v");
      }
    }
  }

  @Test
  void aFileSystemThatDoesNotMap() {
    Path path = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    assumeTrue(Files.isReadable(path), "needs " + path);
    IOException e =
        assertThrows(IOException.class, () -> MappedRegion.map(path, MapMode.READ_ONLY).close());
    check(e.getMessage(), path.toString(), "ENODEV in mmap", "does not map files");
  }

  @Test
  void aFileSystemWithoutDax() throws IOException {
    Path path = Files.write(directory.resolve("file"), new byte[10]);
    IOException e =
        assertThrows(
            IOException.class,
            () -> MappedRegion.map(path, MapMode.READ_WRITE, MapOption.SYNC).close());
    check(e.getMessage(), path.toString(), "EOPNOTSUPP in mmap", "no DAX");
    assertThrows(
        UnsupportedOperationException.class,
        () -> MappedRegion.map(path, MapMode.PRIVATE, MapOption.SYNC).close());
  }

  @Test
  void theEndOfAFileThatIsOpenForReadingOnly() throws IOException {
    Path path = Files.write(directory.resolve("file"), new byte[10]);
    try (FileChannel channel = FileChannel.open(path)) {
      IOException e =
          assertThrows(
              IOException.class, () -> MappedRegion.map(channel, MapMode.READ_ONLY, 5, 6).close());
      check(e.getMessage(), "cannot extend", "has 10 bytes", "ends at 11", "open it for writing");
      try (MappedRegion region = MappedRegion.map(channel, MapMode.READ_ONLY, 5, 5)) {
        assertThrows(java.io.UncheckedIOException.class, () -> region.resize(6));
        assertTrue(region.size() == 5 && region.get(4) == 0);
      }
    }
  }
}

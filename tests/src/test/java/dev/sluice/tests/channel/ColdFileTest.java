package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.channel.ColdFiles.Way;
import dev.sluice.tests.support.CachedPages;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.FuseMount;
import dev.sluice.tests.support.Tools;
import dev.sluice.tests.support.Tools.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A virtual thread whose file is not in the page cache leaves its one carrier to others. */
@Tag("both-guards")
class ColdFileTest extends VirtualThreadFixture {
  private static final int READ_BYTES = 128 << 10;

  @Test
  void anotherVirtualThreadTicksWhileASlowFileSystemIsRead() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("slow"));
    try (FuseMount mount = FuseMount.at(folder)) {
      for (Way way : Way.values()) {
        write(mount.resolve(way.name() + ".slow=200"), 2 * READ_BYTES + 5);
        if (way == Way.TO_SOCKET) {
          write(mount.resolve(way.name() + ".direct.slow=200"), 2 * READ_BYTES + 5);
        }
      }
      run(1, ColdFiles.Ticks.class, options(folder, 150, 500));
    }
  }

  @Test
  void aTransferThatWaitsForAFileEndsAtOnce() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("slow"));
    try (FuseMount mount = FuseMount.at(folder)) {
      for (ColdEndings.Ending ending : ColdEndings.Ending.values()) {
        write(mount.resolve(ending.name() + ".slow=700"), READ_BYTES);
      }
      run(1, ColdEndings.class, options(folder, 0, 0));
    }
  }

  @Test
  void anotherVirtualThreadTicksWhileAThrottledDiskIsRead() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("throttled"));
    try (Mount mount = Mount.ofImage(folder, "ext4")) {
      for (Way way : Way.values()) {
        Path file = folder.resolve(way.name());
        write(file, 2 << 20);
        CachedPages.drop(file);
      }
      try (Throttle throttle = Throttle.of(mount.folder(), (5 << 20) / 2)) {
        ChildJvm.Result result =
            carriers(1)
                .under("sh", "-c", "echo $$ > " + throttle.processes() + " && exec \"$@\"", "sh")
                .with(options(folder, 150, 500))
                .run(ColdFiles.Ticks.class, directory.toString());
        assertEquals(0, result.exit(), result.output());
      }
    }
  }

  private static String[] options(Path folder, int gap, int least) {
    return new String[] {
      "-Ddev.sluice.tests.files=" + folder,
      "-Ddev.sluice.tests.gap=" + gap,
      "-Ddev.sluice.tests.least=" + least
    };
  }

  private static void write(Path file, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.write(file, content);
  }

  /** A limit of bytes a second that are read from the device of a file system. */
  private record Throttle(Path group) implements AutoCloseable {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup/blkio");

    static Throttle of(Path folder, int bytesPerSecond) throws Exception {
      Tools.assumeRuns(
          "the controller blkio of control groups",
          "test",
          "-w",
          GROUPS.resolve("blkio.throttle.read_bps_device").toString());
      String device = Tools.run("mountpoint", "--fs-devno", folder.toString()).trim();
      Path group = Files.createTempDirectory(GROUPS, "sluice-tests");
      Throttle throttle = new Throttle(group);
      try {
        Files.writeString(
            group.resolve("blkio.throttle.read_bps_device"), device + " " + bytesPerSecond);
      } catch (IOException e) {
        throttle.close();
        Tools.assumeRuns("a device that can be throttled: " + e, "false");
      }
      return throttle;
    }

    Path processes() {
      return group.resolve("cgroup.procs");
    }

    @Override
    public void close() throws IOException {
      Files.delete(group);
    }
  }
}

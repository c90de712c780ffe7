package dev.sluice.tests.channel;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Linux releases the locks that a process has on a file with any descriptor of it that is closed.
 * None is lost by what Sluice does with the file.
 */
@Tag("both-guards")
public class FileLocksTest {
  private static final int SIZE = 300_000;

  @TempDir Path directory;

  private interface Action {
    void run(FileChannel locked, Path path, ChannelKinds channels) throws Exception;
  }

  /** An action on a locked file, with a name. */
  private record Use(String name, Action action) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Use> uses() {
    return Stream.of(
        new Use(
            "a file to a file",
            (file, path, channels) -> {
              try (FileChannel other = other(channels)) {
                assertEquals(SIZE, Sluice.transferTo(file, 0, SIZE, other));
              }
            }),
        new Use(
            "a file into it",
            (file, path, channels) -> {
              try (FileChannel other = FileChannel.open(channels.path("other", new byte[SIZE]))) {
                assertEquals(SIZE, Sluice.transferFrom(file, other, 0, SIZE));
              }
            }),
        new Use(
            "its own position",
            (file, path, channels) -> {
              try (FileChannel other = other(channels)) {
                assertEquals(SIZE, Sluice.transfer(file.position(0), other, SIZE));
              }
            }),
        new Use(
            "a socket into it",
            (file, path, channels) -> {
              SocketChannel[] pair = channels.tcp();
              Future<?> fed = ChannelPair.started(() -> pair[1].write(ByteBuffer.allocate(SIZE)));
              assertEquals(SIZE, Sluice.transferFrom(file, pair[0], 0, SIZE));
              fed.get();
            }),
        new Use(
            "it to a mapping's target",
            (file, path, channels) -> {
              Path other = channels.path("other", new byte[SIZE]);
              try (MappedRegion region = MappedRegion.map(other, MapMode.READ_ONLY)) {
                assertEquals(SIZE, region.transferTo(0, SIZE, file.position(0)));
              }
            }),
        new Use(
            "a mapping",
            (file, path, channels) -> {
              try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, SIZE)) {
                region.resize(2 * SIZE);
              }
            }),
        new Use(
            "a copy of it",
            (file, path, channels) -> {
              Sluice.copy(path, path.resolveSibling("copy"), Reflink.NEVER);
            }),
        new Use(
            "a copy of it onto a file",
            (file, path, channels) ->
                Sluice.copy(path, channels.path("former", new byte[7]), REPLACE_EXISTING)),
        new Use(
            "a copy of it in turns",
            (file, path, channels) -> {
              assertEquals(1, file.write(ByteBuffer.allocate(1), 5 << 20));
              Sluice.copy(path, channels.path("former", new byte[7]), REPLACE_EXISTING);
            }));
  }

  private static FileChannel other(ChannelKinds channels) throws Exception {
    return FileChannel.open(channels.path("other", new byte[0]), READ, WRITE);
  }

  @ParameterizedTest
  @MethodSource("uses")
  void aLockThatIsHeldStays(Use use) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel file = FileChannel.open(path(SIZE), READ, WRITE);
        FileLock lock = file.lock(1000, 10, false)) {
      assertEquals(1, locks(file));
      use.action.run(file, path(), channels);
      assertTrue(lock.isValid());
      assertEquals(1, locks(file), use.name);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mechanism.class,
      names = {"AUTO", "SENDFILE", "SPLICE", "MMAP_WRITE", "READ_WRITE", "DIRECT_IO"})
  void aLockThatIsTakenWhileATransferWaitsStays(Mechanism mechanism) throws Exception {
    int size = 8 << 20;
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel file = FileChannel.open(path(size), READ)) {
      SocketChannel[] pair = channels.tcp();
      Future<Long> stalled =
          ChannelPair.started(() -> mechanism.transferTo(file, 0, size, pair[0]));
      Thread.sleep(100);
      try (FileChannel again = FileChannel.open(path(), READ, WRITE);
          FileLock lock = again.lock()) {
        ByteBuffer taken = ByteBuffer.allocate(1 << 16);
        for (long left = size; left > 0; ) {
          left -= pair[1].read(taken.clear());
        }
        assertEquals(size, stalled.get());
        assertTrue(lock.isValid());
        assertEquals(1, locks(again), mechanism.name());
      }
    }
  }

  @Test
  void directIoGoesOnWhileTheTargetIsLocked() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel source = FileChannel.open(channels.path("source", new byte[SIZE]));
        FileChannel file = FileChannel.open(path(0), READ, WRITE);
        FileLock lock = file.lock()) {
      assertEquals(SIZE, Mechanism.DIRECT_IO.transferFrom(file, source, 0, SIZE));
      assertEquals(SIZE, Mechanism.DIRECT_IO.transferTo(file, 0, SIZE, other(channels)));
      assertTrue(lock.isValid());
      assertEquals(1, locks(file));
    }
  }

  @Test
  void aLockStaysOnAKernelWithoutCloseRange() throws Exception {
    refused("close_range=ENOSYS", "served");
  }

  @Test
  void aLockStaysWhereNoSecondDescriptorTableCanBeHad() throws Exception {
    refused("close_range=EPERM,unshare=EPERM", "EPERM");
  }

  private void refused(String calls, String directIo) throws Exception {
    String refuse = System.getProperty("dev.sluice.tests.refuse");
    assumeTrue(refuse != null, "needs -Ddev.sluice.tests.refuse, the path of sluice-refuse");
    ChildJvm.Result result =
        new ChildJvm()
            .under(refuse, calls, "--")
            .run(Locking.class, directory.toString(), directIo);
    assertEquals(0, result.exit(), result.output());
  }

  /** Arguments: a directory, and how DIRECT_IO ends. */
  static final class Locking {
    public static void main(String[] arguments) throws Exception {
      FileLocksTest test = new FileLocksTest();
      test.directory = Path.of(arguments[0]);
      try (ChannelKinds channels = new ChannelKinds(test.directory);
          FileChannel file = FileChannel.open(test.path(SIZE), READ, WRITE);
          FileLock lock = file.lock()) {
        assertEquals(SIZE, Sluice.transferTo(file, 0, SIZE, other(channels)));
        SocketChannel[] pair = channels.tcp();
        pair[1].write(ByteBuffer.allocate(1000));
        assertEquals(1000, Sluice.transferFrom(file, pair[0], 0, 1000));
        assertEquals(1000, Sluice.transfer(file.position(0), pair[0], 1000));
        assertEquals(arguments[1], direct(file, other(channels)));
        assertTrue(lock.isValid());
        assertEquals(1, test.locks(file));
      }
    }

    private static String direct(FileChannel file, FileChannel target) throws Exception {
      try {
        assertEquals(SIZE, Mechanism.DIRECT_IO.transferTo(file, 0, SIZE, target));
        return "served";
      } catch (UnsupportedMechanismException e) {
        return e.errno();
      }
    }
  }

  private Path path() {
    return directory.resolve("file");
  }

  private Path path(int size) throws Exception {
    return Files.write(path(), new byte[size]);
  }

  /** The kernel's own list: those of this process on this file. */
  private long locks(FileChannel file) throws Exception {
    assertTrue(file.isOpen());
    String inode = ":" + Files.getAttribute(path(), "unix:ino") + " ";
    String process = " " + ProcessHandle.current().pid() + " ";
    List<String> all = Files.readAllLines(Path.of("/proc/locks"));
    return all.stream().filter(l -> l.contains(inode) && l.contains(process)).count();
  }
}

package dev.sluice.tests.channel;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where a process has as many descriptors as it may ({@code RLIMIT_NOFILE}), transfers between open
 * channels go on, and what met the limit at first is tried again when it no longer does.
 */
@Tag("both-guards")
@Tag("slow")
class DescriptorLimitTest {
  private static final int SIZE = 40_000;

  @TempDir Path directory;

  private void passes(Class<?> main) throws Exception {
    Tools.assumeTool("prlimit");
    ChildJvm.Result result =
        new ChildJvm().under("prlimit", "--nofile=300:300").run(main, directory.toString());
    assertEquals(0, result.exit(), result.output());
  }

  @Test
  void transfersGoOnWhoseFirstOneMeetsTheLimit() throws Exception {
    passes(FirstTransfer.class);
  }

  /** The library is loaded, and has not been used. */
  static final class FirstTransfer {
    public static void main(String[] arguments) throws Exception {
      try (Rig rig = new Rig(Path.of(arguments[0]))) {
        Sluice.ensureAvailable();
        rig.fill();
        rig.transfer();
      }
    }
  }

  @Test
  void transfersGoOnByExactMechanismsThatWereUsedBefore() throws Exception {
    passes(LaterTransfers.class);
  }

  /** The library has been used. */
  static final class LaterTransfers {
    public static void main(String[] arguments) throws Exception {
      try (Rig rig = new Rig(Path.of(arguments[0]))) {
        rig.transfer();
        rig.stall();
        rig.fill();
        rig.transfer();
        rig.transferExactly();
        rig.stall();
        rig.map();
      }
    }
  }

  @Test
  void aLibraryThatCouldNotBeLoadedAtTheLimitIsLoadedLater() throws Exception {
    passes(FirstUse.class);
  }

  /** Nothing of the library has been used but that its jar is open. */
  static final class FirstUse {
    public static void main(String[] arguments) throws Exception {
      Class.forName("dev.sluice.Sluice", false, FirstUse.class.getClassLoader());
      try (Rig rig = new Rig(Path.of(arguments[0]))) {
        rig.fill();
        // Descriptors that the collector closes meanwhile would leave room for the library.
        System.gc();
        Thread.sleep(200);
        rig.fill();
        rig.transfer();
        Rig.check(!Sluice.isAvailable(), "loaded at the limit: the test shows nothing");
        rig.empty();
        long begun = System.nanoTime();
        while (!Sluice.isAvailable() && System.nanoTime() - begun < 10_000_000_000L) {
          Thread.sleep(50);
        }
        Sluice.ensureAvailable();
        Rig.check(Sluice.unavailabilityCause().isEmpty(), "a cause");
        rig.transfer();
        rig.transferExactly();
      }
    }
  }

  /** Open channels of every kind. At the limit no class of the tests can be loaded any more. */
  private static final class Rig implements AutoCloseable {
    private final byte[] data = new byte[SIZE];
    private final ChannelKinds channels;
    private final FileChannel file;
    private final FileChannel target;
    private final SocketChannel[] up;
    private final SocketChannel[] down;
    private final Pipe pipe;
    private final List<FileChannel> filling = new ArrayList<>();

    Rig(Path directory) throws Exception {
      for (int i = 0; i < SIZE; i++) {
        data[i] = (byte) (i * 31 >>> 3);
      }
      channels = new ChannelKinds(directory);
      file = channels.keep(FileChannel.open(channels.path("file", data), READ));
      target = channels.keep(FileChannel.open(channels.path("target", new byte[0]), READ, WRITE));
      up = channels.tcp();
      down = channels.tcp();
      pipe = Pipe.open();
      channels.keep(pipe.sink());
      channels.keep(pipe.source());
    }

    void fill() {
      try {
        while (true) {
          filling.add(FileChannel.open(Path.of("/dev/null")));
        }
      } catch (IOException e) {
        check(filling.size() > 50, "filled by " + filling.size() + ": " + e);
      }
    }

    void empty() throws IOException {
      for (FileChannel each : filling) {
        each.close();
      }
    }

    /** By every kind of channel, one after the other: from the file and back into a file. */
    void transfer() throws Exception {
      target.truncate(0);
      check(Sluice.transferTo(file, 0, SIZE, up[0]) == SIZE, "file to socket");
      check(Sluice.transfer(up[1], down[0], SIZE) == SIZE, "socket to socket");
      check(Sluice.transfer(down[1], pipe.sink(), SIZE) == SIZE, "socket to pipe");
      check(Sluice.transferFrom(target, pipe.source(), 0, SIZE) == SIZE, "pipe to file");
      check(Sluice.transferTo(target, 0, SIZE, up[0]) == SIZE, "the other file to the socket");
      target.truncate(0);
      check(Sluice.transferFrom(target, up[1], 0, SIZE) == SIZE, "socket to file");
      compare();
      target.truncate(0);
      check(Sluice.transferTo(file, 0, SIZE, target.position(0)) == SIZE, "file to file");
      compare();
    }

    void transferExactly() throws Exception {
      check(Mechanism.SENDFILE.transferTo(file, 0, SIZE, up[0]) == SIZE, "SENDFILE");
      target.truncate(0);
      check(Mechanism.READ_WRITE.transferFrom(target, up[1], 0, SIZE) == SIZE, "READ_WRITE");
      compare();
    }

    /** Transfers that wait for their target. */
    void stall() throws Exception {
      stall(false);
      if (VirtualThreads.ARE_THERE) {
        stall(true);
      }
    }

    private void stall(boolean isVirtual) throws Exception {
      int size = 8 << 20;
      ByteBuffer taken = ByteBuffer.allocate(1 << 16);
      FileChannel zeros = target;
      zeros.truncate(0);
      zeros.write(ByteBuffer.allocate(1), size - 1);
      FutureTask<Long> stalled = new FutureTask<>(() -> Sluice.transferTo(zeros, 0, size, up[0]));
      if (isVirtual) {
        VirtualThreads.start(stalled);
      } else {
        new Thread(stalled).start();
      }
      Thread.sleep(200);
      for (long left = size; left > 0; ) {
        left -= up[1].read(taken.clear());
      }
      check(stalled.get() == size, "stalled");
    }

    void map() throws Exception {
      try (MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, SIZE)) {
        check(region.get(SIZE - 1) == data[SIZE - 1], "mapped");
      }
    }

    static void check(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError(what);
      }
    }

    private void compare() throws IOException {
      ByteBuffer stored = ByteBuffer.allocate(SIZE + 1);
      int at = 0;
      for (int read = 0; read >= 0; at += Math.max(0, read)) {
        read = target.read(stored, at);
      }
      byte[] all = Arrays.copyOf(stored.array(), at);
      check(Arrays.equals(data, all), at + " bytes, or others");
    }

    @Override
    public void close() throws IOException {
      empty();
      channels.close();
    }
  }
}

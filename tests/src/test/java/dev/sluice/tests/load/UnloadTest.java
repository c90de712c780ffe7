package dev.sluice.tests.load;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library leaves nothing behind when the classes that loaded it are collected. */
@Tag("both-guards")
class UnloadTest {
  private static final int SIZE = 4 << 20;
  private static final int AT_A_TIME = 8;

  @TempDir Path directory;

  @Test
  void aLibraryThatIsUnloadedLeavesNoDescriptorThreadOrMappingBehind() throws Exception {
    ChildJvm.Result result = new ChildJvm().optimizing().run(Reloading.class, directory.toString());
    assertEquals(0, result.exit(), result.output());
  }

  /** Uses the library by a class loader of its own, again and again. */
  static final class Reloading {
    public static void main(String[] arguments) throws Exception {
      State first = used(arguments[0]);
      for (int i = 0; i < 3; i++) {
        State next = used(arguments[0]);
        if (!next.equals(first)) {
          throw new AssertionError("first " + first + ", then " + next);
        }
      }
    }

    private static State used(String directory) throws Exception {
      WeakReference<ClassLoader> loader = load(directory);
      State state = State.now();
      for (int looks = 0; looks < 100; looks++) {
        System.gc();
        Thread.sleep(50);
        State next = State.now();
        // The JVM unloads a little after the loader has gone.
        if (loader.get() == null && next.libraries == 0 && next.equals(state)) {
          return state;
        }
        state = next;
      }
      throw new AssertionError("still loaded: " + state);
    }

    private static WeakReference<ClassLoader> load(String directory) throws Exception {
      List<URL> path = new ArrayList<>();
      for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
        path.add(Path.of(part).toUri().toURL());
      }
      ClassLoader parent = ClassLoader.getPlatformClassLoader();
      try (URLClassLoader loader = new URLClassLoader(path.toArray(new URL[0]), parent)) {
        Class<?> work = loader.loadClass(Work.class.getName());
        work.getMethod("run", Path.class).invoke(null, Path.of(directory));
        return new WeakReference<>(loader);
      }
    }
  }

  /** The resources of the process. */
  private record State(long descriptors, long threads, long libraries, long retired) {
    static State now() throws Exception {
      List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps"));
      return new State(
          entries("/proc/self/fd"),
          entries("/proc/self/task"),
          mapped.stream().filter(line -> line.contains("libsluice")).count(),
          mapped.stream().filter(line -> line.contains("sluice-retired")).count());
    }

    private static long entries(String folder) throws Exception {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        return all.count();
      }
    }
  }

  /** Transfers of every kind at a time, and a mapping. */
  public static final class Work {
    private Work() {}

    public static void run(Path directory) throws Exception {
      try (ChannelKinds channels = new ChannelKinds(Files.createTempDirectory(directory, "work"))) {
        FileChannel file =
            channels.keep(FileChannel.open(channels.path("file", new byte[SIZE]), READ, WRITE));
        List<Future<?>> transfers = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
          SocketChannel[] from = channels.tcp();
          SocketChannel[] to = channels.tcp();
          FileChannel target =
              channels.keep(
                  FileChannel.open(channels.path("target" + i, new byte[0]), READ, WRITE));
          transfers.add(ChannelPair.started(() -> Sluice.transferTo(file, 0, SIZE, from[1])));
          transfers.add(ChannelPair.started(() -> Sluice.transfer(from[0], to[0], SIZE)));
          transfers.add(ChannelPair.started(() -> Sluice.transferFrom(target, to[1], 0, SIZE)));
        }
        for (Future<?> transfer : transfers) {
          transfer.get();
        }
        SocketChannel[] pair = channels.tcp();
        Future<?> read = ChannelPair.started(() -> pair[1].read(ByteBuffer.allocate(4096)));
        Mechanism.DIRECT_IO.transferTo(file, 0, 4096, pair[0]);
        read.get();
        try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, SIZE)) {
          region.put(0, (byte) 1);
        }
      }
    }
  }
}

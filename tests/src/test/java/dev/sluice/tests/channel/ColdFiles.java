package dev.sluice.tests.channel;

import dev.sluice.Composite;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Moves files that are not in the page cache on virtual threads. */
final class ColdFiles {
  /** Where the bytes of a file go. */
  enum Way {
    TO_SOCKET,
    TO_PIPE,
    TO_FILE,
    COPY,
    COMPOSITE;

    /** Moves a whole file, and answers the bytes that arrived. */
    byte[] move(ChannelKinds channels, Path path) throws Exception {
      if (this == COPY) {
        Path copy = channels.path(name() + "-copy", new byte[0]);
        Files.delete(copy);
        Sluice.copy(path, copy);
        return Files.readAllBytes(copy);
      }
      try (FileChannel file = FileChannel.open(path)) {
        long size = file.size();
        if (this == TO_FILE) {
          Path to = channels.path(name() + "-target", new byte[0]);
          try (FileChannel target = FileChannel.open(to, ChannelKinds.readWrite())) {
            check(Sluice.transferTo(file, 0, size, target) == size, "fewer bytes");
          }
          return Files.readAllBytes(to);
        }
        if (this == TO_PIPE) {
          Pipe pipe = Pipe.open();
          FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pipe.source()));
          try (Pipe.SinkChannel sink = pipe.sink()) {
            check(Sluice.transferTo(file, 0, size, sink) == size, "fewer bytes");
          }
          return arrived.get(10, TimeUnit.SECONDS);
        }
        SocketChannel[] pair = channels.tcp();
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        long sent =
            this == TO_SOCKET
                ? Sluice.transferTo(file, 0, size, pair[0])
                : Composite.of(ByteBuffer.allocate(0)).add(file, 0, size).sendTo(pair[0]);
        check(sent == size, "fewer bytes");
        pair[0].close();
        return arrived.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private ColdFiles() {}

  static void check(boolean holds, String otherwise) {
    VirtualThreadFixture.check(holds, otherwise);
  }

  /** Runs a task on a virtual thread. */
  static <T> T onVirtualThread(Callable<T> task) throws Exception {
    FutureTask<T> run = new FutureTask<>(task);
    VirtualThreads.start(run);
    return run.get(30, TimeUnit.SECONDS);
  }

  /**
   * The files of a directory, each by the way that its name begins with, beside a thread that
   * ticks.
   */
  static final class Ticks {
    private static final long TICK_MILLIS = 10;

    private final AtomicLong longest = new AtomicLong();

    public static void main(String[] arguments) throws Exception {
      Path warm = Files.write(Path.of(arguments[0], "warm"), new byte[1 << 20]);
      try (ChannelKinds channels = new ChannelKinds(Path.of(arguments[0]))) {
        for (Way way : Way.values()) {
          onVirtualThread(() -> way.move(channels, warm));
        }
        Ticks virtual = new Ticks();
        Ticks control = new Ticks();
        VirtualThreads.start(virtual::tick);
        // A platform thread tells how late a busy machine lets any thread run.
        Thread beside = new Thread(control::tick);
        beside.setDaemon(true);
        beside.start();
        try (var files = Files.newDirectoryStream(Path.of(files()))) {
          for (Path file : files) {
            for (Way way : Way.values()) {
              if (file.getFileName().toString().startsWith(way.name())) {
                move(way, channels, file, virtual, control);
              }
            }
          }
        }
      }
    }

    private static String files() {
      return System.getProperty("dev.sluice.tests.files");
    }

    private static void move(
        Way way, ChannelKinds channels, Path file, Ticks virtual, Ticks control) throws Exception {
      virtual.longest.set(0);
      control.longest.set(0);
      long begun = System.nanoTime();
      byte[] arrived = onVirtualThread(() -> way.move(channels, file));
      long millis = (System.nanoTime() - begun) / 1_000_000;
      Thread.sleep(5 * TICK_MILLIS);
      long gap = virtual.longest.get();
      long late = Math.max(0, control.longest.get() - TICK_MILLIS);
      byte[] content = new byte[arrived.length];
      new Random(arrived.length).nextBytes(content);
      check(arrived.length > 0 && Arrays.equals(arrived, content), "other bytes: " + file);
      check(
          gap < Long.getLong("dev.sluice.tests.gap") + late,
          file + ": a gap of " + gap + " ms; a platform thread was " + late + " ms late");
      check(millis >= Long.getLong("dev.sluice.tests.least"), file + " took " + millis + " ms");
    }

    private void tick() {
      try {
        while (true) {
          long begun = System.nanoTime();
          Thread.sleep(TICK_MILLIS);
          longest.accumulateAndGet((System.nanoTime() - begun) / 1_000_000, Math::max);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

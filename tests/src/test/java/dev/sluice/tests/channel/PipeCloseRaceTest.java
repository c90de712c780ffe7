package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A close of a pipe, or an interrupt, comes at any moment of a transfer: before a system call,
 * within it, or between two. JDK 21 signals the thread once, and a signal between two system calls
 * is lost.
 */
@Tag("both-guards")
class PipeCloseRaceTest {
  private static final long ENDLESS = 1L << 40;
  private static final int AT_A_TIME = 4;
  private static final int ROUNDS = 300;
  private static final int LATEST_NANOS = 400_000;

  /**
   * Whether {@code Thread.interrupt} looks for the channel's hook before it sets the status, and so
   * misses a hook that is set in between. Every channel of the JDK's waits on then.
   */
  private static final boolean MAY_MISS_THE_HOOK = Runtime.version().feature() < 21;

  @TempDir Path directory;

  @Test
  void whatAFileSendsIntoAFullPipeEnds() throws Exception {
    play((file, sink, source) -> Sluice.transferTo(file, 0, ENDLESS, sink), Pipe::sink);
  }

  @Test
  void whatAFileTakesFromAnEmptyPipeEnds() throws Exception {
    play((file, sink, source) -> Sluice.transferFrom(file, source, 0, ENDLESS), Pipe::source);
  }

  private interface Moving {
    long between(FileChannel file, Pipe.SinkChannel sink, Pipe.SourceChannel source)
        throws IOException;
  }

  private interface End {
    Channel of(Pipe pipe);
  }

  private void play(Moving moving, End end) throws Exception {
    Path path = Files.createFile(directory.resolve("file"));
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), ENDLESS - 1);
    }
    ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<?>> played = new ArrayList<>();
      for (int player = 0; player < AT_A_TIME; player++) {
        Random random = new Random(player);
        played.add(
            players.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    play(path, moving, end, random);
                  }
                  return null;
                }));
      }
      for (Future<?> each : played) {
        each.get();
      }
    } finally {
      players.shutdownNow();
    }
  }

  private static void play(Path path, Moving moving, End end, Random random) throws Exception {
    Pipe pipe = Pipe.open();
    // An interrupt closes the file as well.
    try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite());
        Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      Thread worker = new Thread(() -> move(moving, file, sink, source));
      worker.setDaemon(true);
      worker.start();
      long begun = System.nanoTime();
      int nanos = random.nextInt(LATEST_NANOS);
      while (System.nanoTime() - begun < nanos) {
        Thread.onSpinWait();
      }
      if (random.nextBoolean()) {
        end.of(pipe).close();
      } else {
        worker.interrupt();
        if (MAY_MISS_THE_HOOK && !GuardRun.hasEnded(worker)) {
          worker.interrupt();
        }
      }
      assertTrue(GuardRun.hasEnded(worker), () -> Arrays.toString(worker.getStackTrace()));
    }
  }

  /** {@link GuardsTest} looks at how it ends. */
  private static void move(
      Moving moving, FileChannel file, Pipe.SinkChannel sink, Pipe.SourceChannel source) {
    try {
      moving.between(file, sink, source);
    } catch (IOException e) {
      // It has ended.
    }
  }
}

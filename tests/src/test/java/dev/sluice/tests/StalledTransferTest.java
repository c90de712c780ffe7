package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A transfer that waits is ended by a close of either side or by an interrupt, in 100 ms. */
@Tag("both-guards")
class StalledTransferTest {
  private static final long LIMIT_MILLIS = 100;
  private static final int SIZE = 16 << 20;

  /** What ends the transfer. */
  private enum Act {
    CLOSE_FILE,
    CLOSE_STREAM,
    INTERRUPT
  }

  private enum Stalled {
    TO_TCP,
    TO_PIPE,
    FROM_TCP,
    FROM_PIPE
  }

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> aStalledTransferEndsWithin100Ms() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Stalled stalled : Stalled.values()) {
      for (Act act : Act.values()) {
        tests.add(dynamicTest(stalled + ", " + act, () -> check(stalled, act)));
      }
    }
    return tests.stream();
  }

  private void check(Stalled stalled, Act act) throws Exception {
    try (Ends ends = new Ends(directory)) {
      Path path = ends.path("file", new byte[0]);
      FileChannel file = ends.keep(FileChannel.open(path, Ends.readWrite()));
      file.write(java.nio.ByteBuffer.allocate(1), SIZE - 1);
      Channel stream = stream(ends, stalled);
      AtomicReference<Object> end = new AtomicReference<>();
      Thread worker =
          new Thread(
              () -> {
                try {
                  end.set(
                      stream instanceof WritableByteChannel target
                              && stalled.name().startsWith("TO")
                          ? Sluice.transferTo(file, 0, SIZE, target)
                          : Sluice.transferFrom(file, (ReadableByteChannel) stream, 0, SIZE));
                } catch (Throwable e) {
                  end.set(e);
                }
              });
      worker.start();
      awaitStall(worker);
      long start = System.nanoTime();
      switch (act) {
        case CLOSE_FILE -> file.close();
        case CLOSE_STREAM -> stream.close();
        case INTERRUPT -> worker.interrupt();
      }
      long acted = millisSince(start);
      worker.join(5_000);
      long ended = millisSince(start);
      assertTrue(!worker.isAlive(), "still running");
      // One signal of the JDK's may come while the thread is not in a system call: the next follows
      // 50 ms later.
      assertTrue(acted <= LIMIT_MILLIS, "the actor took " + acted + " ms");
      assertTrue(ended <= LIMIT_MILLIS, "the transfer took " + ended + " ms");
      assertEnding(stalled, act, end.get());
      assertEquals(act == Act.CLOSE_STREAM, file.isOpen());
      assertEquals(act == Act.CLOSE_FILE, stream.isOpen());
    }
  }

  private static void assertEnding(Stalled stalled, Act act, Object end) {
    if (act == Act.INTERRUPT) {
      assertEquals(ClosedByInterruptException.class, end.getClass());
    } else if (stalled.name().startsWith("TO")) {
      assertTrue(end instanceof Long moved && moved > 0 && moved < SIZE, "ended as " + end);
    } else {
      assertEquals(AsynchronousCloseException.class, end.getClass());
    }
  }

  private static Channel stream(Ends ends, Stalled stalled) throws Exception {
    if (stalled == Stalled.TO_TCP || stalled == Stalled.FROM_TCP) {
      SocketChannel[] pair = ends.tcp();
      return pair[0];
    }
    Pipe pipe = Pipe.open();
    ends.keep(pipe.sink());
    ends.keep(pipe.source());
    return stalled == Stalled.TO_PIPE ? pipe.sink() : pipe.source();
  }

  /** Until the worker's CPU time stands still. */
  private static void awaitStall(Thread worker) throws InterruptedException {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long before = -1;
    long now = 0;
    for (int quiet = 0; quiet < 3; quiet = now - before < 2_000_000 ? quiet + 1 : 0) {
      Thread.sleep(40);
      before = now;
      now = threads.getThreadCpuTime(worker.getId());
    }
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}

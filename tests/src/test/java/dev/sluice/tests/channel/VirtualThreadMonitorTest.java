package dev.sluice.tests.channel;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A virtual thread that waits within {@code synchronized} keeps its carrier until JDK 24 (JEP 491),
 * in a transfer as in a read of the JDK's own. Sluice itself waits within no such block.
 */
@Tag("both-guards")
class VirtualThreadMonitorTest extends VirtualThreadFixture {
  @Test
  void aTransferInACallersMonitorKeepsTheCarrierWhereAReadDoes() throws Exception {
    run(1, InMonitor.class);
  }

  /** The one carrier, and a thread that counts beside one that waits for its socket. */
  static final class InMonitor {
    private static final boolean IS_PINNED = Runtime.version().feature() < 24;
    private static final long WAIT_MILLIS = 500;
    private static final long HANGS_MILLIS = 10_000;

    private interface Wait {
      void on(SocketChannel socket, FileChannel file) throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      Wait transfer = (socket, file) -> Sluice.transferFrom(file, socket, 0, 1);
      Wait read = (socket, file) -> socket.read(ByteBuffer.allocate(1));
      // Classes are loaded, which is not counted.
      count(directory, transfer, false, false);
      checkCount(directory, transfer, false, false, "a transfer");
      checkCount(directory, transfer, true, IS_PINNED, "a transfer in a monitor");
      checkCount(directory, read, true, IS_PINNED, "a read in a monitor");
    }

    private static void checkCount(
        Path directory, Wait wait, boolean inMonitor, boolean isPinned, String what)
        throws Exception {
      int count = count(directory, wait, inMonitor, isPinned);
      System.out.println(what + ": another thread ran " + count + " times");
      check(isPinned == (count == 0), what + ": " + count);
    }

    /** How often another virtual thread ran meanwhile: twice is enough to see that it does. */
    private static int count(Path directory, Wait wait, boolean inMonitor, boolean isPinned)
        throws Exception {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        FileChannel file =
            channels.keep(
                FileChannel.open(channels.path("file", new byte[0]), ChannelKinds.readWrite()));
        CountDownLatch begun = new CountDownLatch(1);
        Object monitor = inMonitor ? new Object() : null;
        Thread waiting = VirtualThreads.start(() -> waitFor(wait, pair[0], file, monitor, begun));
        begun.await();
        AtomicInteger count = new AtomicInteger();
        // A thread that starts while the carrier is kept waits for the carrier.
        Thread counting = VirtualThreads.start(() -> countUntilInterrupted(count));
        long begin = System.nanoTime();
        long millis = isPinned ? WAIT_MILLIS : HANGS_MILLIS;
        while (count.get() < 2 && System.nanoTime() - begin < millis * 1_000_000) {
          Thread.sleep(10);
        }
        int counted = count.get();
        pair[1].write(ByteBuffer.allocate(1));
        waiting.join();
        counting.interrupt();
        counting.join();
        return counted;
      }
    }

    private static void waitFor(
        Wait wait, SocketChannel socket, FileChannel file, Object monitor, CountDownLatch begun) {
      try {
        if (monitor == null) {
          begun.countDown();
          wait.on(socket, file);
        } else {
          synchronized (monitor) {
            begun.countDown();
            wait.on(socket, file);
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void countUntilInterrupted(AtomicInteger count) {
      try {
        while (true) {
          count.incrementAndGet();
          Thread.sleep(10);
        }
      } catch (InterruptedException e) {
        // It is told to end.
      }
    }
  }
}

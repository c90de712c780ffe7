package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A close, a shutdown or an interrupt in the very moment in which a transfer begins to wait for the
 * other side is not lost.
 */
@Tag("both-guards")
class WakeUpTest {
  private static final int ROUNDS = 1_000;
  private static final int MOST_SPINS = 3_000;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void noneIsLostThatComesWhileATransferBeginsToWait(ThreadKind carried) throws Exception {
    assumeTrue(
        carried == ThreadKind.PLATFORM || VirtualThreads.ARE_THERE,
        "needs a JDK with virtual threads");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      round(random, carried, "seed " + seed + ", round " + round);
    }
  }

  private void round(Random random, ThreadKind carried, String told) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] source = channels.tcp();
      SocketChannel[] target = channels.tcp();
      CountDownLatch begins = new CountDownLatch(1);
      AtomicReference<Object> end = new AtomicReference<>();
      if (random.nextBoolean()) {
        source[1].write(ByteBuffer.allocate(1 + random.nextInt(100)));
      }
      Thread thread =
          carried.start(
              () -> {
                begins.countDown();
                try {
                  end.set(Sluice.transfer(source[0], target[0], 1 << 20));
                } catch (Throwable e) {
                  end.set(e);
                }
              });
      begins.await();
      for (int spins = random.nextInt(MOST_SPINS); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      int act = random.nextInt(4);
      switch (act) {
        case 0 -> source[0].close();
        case 1 -> target[0].close();
        case 2 -> target[0].shutdownOutput();
        default -> thread.interrupt();
      }
      thread.join(TimeUnit.SECONDS.toMillis(5));
      String outcome = told + ", act " + act + ": " + end;
      assertFalse(thread.isAlive(), outcome);
      // Not 0, as if the source had ended.
      boolean isCut = end.get() instanceof Long moved ? moved > 0 : isClose(end.get());
      assertTrue(isCut, outcome);
    }
  }

  private static boolean isClose(Object end) {
    return end instanceof AsynchronousCloseException || end instanceof ClosedChannelException;
  }
}

package dev.sluice.internal.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Channel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A thread that leaves a system call while the watcher looks at it is still in the thread set of a
 * file. If it is a virtual one and is interrupted, a lock that parks would never come back on JDK
 * 21: the interrupt holds what the lock asks for, and waits until the thread has left the set.
 */
class WatchedTest {
  private static final int SAMPLES = 50;
  private static final long LIMIT_SECONDS = 20;

  @Test
  void whoLeavesASystemCallDoesNotParkWhileTheWatcherLooks() throws Exception {
    SlowChannel channel = new SlowChannel();
    Watched watched = new Watched();
    watched.begin(new Idle(channel), new Idle(channel), null);
    Thread watcher = new Thread(watched::look);
    watcher.start();
    assertTrue(channel.isAsked.await(LIMIT_SECONDS, TimeUnit.SECONDS));
    Thread leaving = new Thread(watched::leave);
    leaving.start();
    try {
      for (int sample = 0; sample < SAMPLES; sample++) {
        assertEquals(Thread.State.RUNNABLE, leaving.getState());
        Thread.sleep(2);
      }
    } finally {
      channel.mayAnswer.countDown();
    }
    leaving.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    assertFalse(leaving.isAlive());
    watcher.join();
  }

  /** Keeps whoever asks whether it is open. */
  private static final class SlowChannel implements Channel {
    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @Override
    public boolean isOpen() {
      isAsked.countDown();
      try {
        return mayAnswer.await(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        return false;
      }
    }

    @Override
    public void close() {}
  }

  /** An endpoint of which nothing is asked but its channel. */
  private static final class Idle extends Endpoint {
    private Idle(Channel channel) {
      super(SOCKET, 0, channel, null);
    }

    @Override
    public void begin(boolean hook) {}

    @Override
    public int enter() {
      return -1;
    }

    @Override
    public void leave() {}

    @Override
    public boolean isBlocking() {
      return true;
    }

    @Override
    public void await(int millis) {}

    @Override
    public void park() {}

    @Override
    public void end(boolean completed) {}
  }
}

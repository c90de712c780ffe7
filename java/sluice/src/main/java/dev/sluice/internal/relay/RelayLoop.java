package dev.sluice.internal.relay;

import dev.sluice.internal.channel.Endpoint;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves many relays by readiness. It waits at a selector, moves the bytes of each
 * relay that is ready, by small turns one after the other, and looks every {@link
 * Endpoint#WAIT_MILLIS} at all its relays: a close of a channel wakes no selector, and a limit of
 * idleness may be met. Nothing that it calls waits for a peer or for another thread.
 */
final class RelayLoop implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Endpoint.WAIT_MILLIS);

  /** For {@link RelayLoops}. */
  final RelayLoops.Load load = new RelayLoops.Load();

  /** The thread that serves; null before it does. */
  volatile @Nullable Thread thread;

  private final Selector selector;

  /** Runs that other threads have added, or want to be looked at. */
  private final Queue<RelayRun> inbox = new ConcurrentLinkedQueue<>();

  private final Set<RelayRun> served = new LinkedHashSet<>();

  /** The runs that can go on at once. */
  private final ArrayDeque<RelayRun> ready = new ArrayDeque<>();

  /** The runs that have ended and whose channels the selector has not forgotten yet. */
  private final List<RelayRun> leaving = new ArrayList<>();

  private long lastLook = System.nanoTime();

  RelayLoop(Selector selector) {
    this.selector = selector;
  }

  /** Adds a run, or lets the loop look at one that it has. Any thread may call it. */
  void look(RelayRun run) {
    inbox.add(run);
    selector.wakeup();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (RelayLoops.isNeeded(this, served.isEmpty())) {
        round();
      }
      selector.close();
    } catch (Throwable e) {
      RelayLoops.forget(this);
      endAll(e);
    }
  }

  private void round() throws IOException {
    if (ready.isEmpty()) {
      selector.select(Endpoint.WAIT_MILLIS);
    } else {
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      RelayRun run = (RelayRun) key.attachment();
      if (served.contains(run)) {
        run.ready(key);
        enqueue(run);
      }
    }
    selector.selectedKeys().clear();
    takeFromInbox();
    // A run that is ready again after its turn waits for the next round, as do new bytes.
    for (int left = ready.size(); left > 0; left--) {
      RelayRun run = ready.remove();
      run.isQueued = false;
      serve(run);
      lookAtAllInTime();
      letLeave();
    }
    lookAtAllInTime();
    letLeave();
  }

  private void takeFromInbox() {
    for (RelayRun run = inbox.poll(); run != null; run = inbox.poll()) {
      if (run.isNew) {
        run.isNew = false;
        served.add(run);
        try {
          run.register(selector, System.nanoTime());
          enqueue(run);
        } catch (IOException | RuntimeException e) {
          end(run, RelayEnd.of(e));
        }
      }
      if (served.contains(run)) {
        lookAt(run, System.nanoTime());
      }
    }
  }

  private void enqueue(RelayRun run) {
    if (!run.isQueued && run.isReady()) {
      run.isQueued = true;
      ready.add(run);
    }
  }

  private void serve(RelayRun run) {
    if (!served.contains(run)) {
      return;
    }
    try {
      if (run.turn()) {
        end(run, RelayEnd.bothWays());
      } else {
        enqueue(run);
      }
    } catch (IOException | RuntimeException | Error e) {
      end(run, RelayEnd.of(e));
    }
  }

  private void lookAtAllInTime() {
    long now = System.nanoTime();
    if (now - lastLook < TICK_NANOS) {
      return;
    }
    lastLook = now;
    for (RelayRun run : served.toArray(new RelayRun[0])) {
      lookAt(run, now);
    }
  }

  private void lookAt(RelayRun run, long now) {
    RelayEnd end = run.endIfAny(now);
    if (end != null) {
      end(run, end);
      return;
    }
    try {
      run.probe(now);
    } catch (IOException | RuntimeException e) {
      end(run, RelayEnd.of(e));
      return;
    }
    run.retry();
    enqueue(run);
  }

  private void end(RelayRun run, RelayEnd by) {
    if (served.remove(run)) {
      run.unregister(by);
      leaving.add(run);
    }
  }

  /** Gives the channels of ended runs back, once the selector has forgotten them. */
  private void letLeave() throws IOException {
    if (leaving.isEmpty()) {
      return;
    }
    selector.selectNow();
    for (RelayRun run : leaving) {
      RelayLoops.left(this);
      run.complete();
    }
    leaving.clear();
  }

  /** Ends all runs where the loop itself cannot go on. */
  private void endAll(Throwable by) {
    for (RelayRun run = inbox.poll(); run != null; run = inbox.poll()) {
      if (run.isNew) {
        run.isNew = false;
        served.add(run);
      }
    }
    for (RelayRun run : served.toArray(new RelayRun[0])) {
      end(run, RelayEnd.of(by));
    }
    try {
      selector.close();
    } catch (IOException e) {
      by.addSuppressed(e);
    }
    leaving.forEach(RelayRun::complete);
  }
}

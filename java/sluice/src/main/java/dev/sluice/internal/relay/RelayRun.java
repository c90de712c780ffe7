package dev.sluice.internal.relay;

import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Limits;
import dev.sluice.internal.load.Fallback;
import dev.sluice.internal.load.NativeLoader;
import dev.sluice.internal.transfer.ReportEnding;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The run of one relay, from its beginning until both channels are given back. A {@link RelayLoop}
 * serves it; other threads read its counters, cancel it and wait for its end.
 */
public final class RelayRun {
  private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SocketChannel a;
  private final SocketChannel b;
  private final BorrowedSocket borrowedA;
  private final BorrowedSocket borrowedB;
  private final CountDownLatch ended = new CountDownLatch(1);
  private long idleNanos = Limits.WITHOUT_END;
  private volatile boolean isCancelled;
  private volatile boolean isInterrupted;
  private volatile @Nullable RelayLoop loop;

  /** The way to {@code b} and the way to {@code a}; null before the run begins. */
  private volatile Way @Nullable [] ways;

  private @Nullable BiConsumer<@Nullable ReportEnding, @Nullable Throwable> told;
  private @Nullable RelayEnd end;

  /** For the loop's thread: whether it has not seen the run yet. */
  boolean isNew = true;

  /** For the loop's thread: whether the run stands in its queue. */
  boolean isQueued;

  /** For the loop's thread: when a byte was last moved, by {@code System.nanoTime()}. */
  private long lastMoved;

  /** For the loop's thread: when channels that nothing is awaited of were last looked at. */
  private long lastProbe;

  /** A run that has not begun. */
  public RelayRun(SocketChannel a, SocketChannel b) {
    this.a = a;
    this.b = b;
    borrowedA = new BorrowedSocket(a);
    borrowedB = new BorrowedSocket(b);
  }

  /** Ends the run when no byte has moved for so long. To be called before it begins. */
  public void idle(long nanos) {
    idleNanos = nanos;
  }

  /** The bytes that were delivered to {@code a}. */
  public long toA() {
    return moved(1);
  }

  /** The bytes that were delivered to {@code b}. */
  public long toB() {
    return moved(0);
  }

  private long moved(int way) {
    Way[] begun = ways;
    return begun == null ? 0 : begun[way].mover.moved();
  }

  /**
   * Begins the run, which a loop's thread serves from now on.
   *
   * @param listener told the ending or the failure, in the loop's thread, which it must not keep;
   *     or null
   * @throws IOException if a channel is closed, or the system has no resources for the run
   */
  public void begin(@Nullable BiConsumer<@Nullable ReportEnding, @Nullable Throwable> listener)
      throws IOException {
    Endpoint.ensureConnected(a);
    Endpoint.ensureConnected(b);
    if (!NativeLoader.isAvailable()) {
      Fallback.tell();
    }
    told = listener;
    boolean hasBegun = false;
    try {
      borrowedA.borrow();
      borrowedB.borrow();
      ways = new Way[] {Way.between(a, b), Way.between(b, a)};
      RelayLoops.serve(this);
      hasBegun = true;
    } finally {
      if (!hasBegun) {
        giveBack();
        ended.countDown();
      }
    }
  }

  /** Notes which loop serves the run, before the loop knows of it: a cancel waits for the loop. */
  void servedBy(RelayLoop serving) {
    loop = serving;
  }

  /** Ends the run soon. */
  public void cancel() {
    isCancelled = true;
    RelayLoop serving = loop;
    if (serving != null) {
      serving.look(this);
    }
  }

  /** As {@link #cancel}, and waits until the run has ended, if it has begun. */
  public void cancelAndWait() {
    cancel();
    // A thread that serves relays may run a program's code where no other thread can be had.
    if (loop == null || RelayLoops.isCurrentThread()) {
      return;
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      // The run ends all the same.
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for the end of the run. An interrupt before that end resets both connections.
   *
   * @return how the run ended
   * @throws IOException if it failed
   */
  public ReportEnding await() throws IOException {
    boolean wasInterrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        wasInterrupted = true;
        isInterrupted = true;
        Objects.requireNonNull(loop).look(this);
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return Objects.requireNonNull(end).result();
  }

  /** Whether the run is to move nothing more, and why. */
  @Nullable RelayEnd endIfAny(long now) {
    if (isInterrupted) {
      return RelayEnd.interrupted();
    }
    if (!a.isOpen() || !b.isOpen() || !ways()[0].isUsable() || !ways()[1].isUsable()) {
      return RelayEnd.closed();
    }
    if (isCancelled) {
      return RelayEnd.of(ReportEnding.CANCELLED);
    }
    return now - lastMoved >= idleNanos ? RelayEnd.of(ReportEnding.TIMED_OUT) : null;
  }

  /** Begins to watch both channels. */
  void register(Selector selector, long now) throws IOException {
    borrowedA.register(selector, this);
    borrowedB.register(selector, this);
    lastMoved = now;
    lastProbe = now;
  }

  /**
   * Looks now and then whether a connection is broken that is not watched: its own bytes have no
   * room at the other side, or have ended, and there are none for it. The selector tells nothing of
   * such a channel.
   */
  void probe(long now) throws IOException {
    if (now - lastProbe < PROBE_NANOS) {
      return;
    }
    lastProbe = now;
    if (borrowedA.isUnwatched()) {
      probe(ways()[1], ways()[0]);
    }
    if (borrowedB.isUnwatched()) {
      probe(ways()[0], ways()[1]);
    }
  }

  /** Looks at the channel to which one way goes and from which the other comes. */
  private static void probe(Way to, Way from) throws IOException {
    if (!to.hasEnded()) {
      to.mover.probeTarget();
    } else if (!from.hasEnded()) {
      from.mover.probeSource();
    }
  }

  /** Takes what a channel has become ready for. */
  void ready(SelectionKey key) {
    boolean isOfA = key.channel() == a;
    int ops;
    try {
      ops = key.readyOps();
    } catch (CancelledKeyException e) {
      // The channel is closed. The next look tells it.
      return;
    }
    ways()[0].ready(isOfA ? ops : 0, isOfA ? 0 : ops);
    ways()[1].ready(isOfA ? 0 : ops, isOfA ? ops : 0);
  }

  /** Tries again where another thread had a channel. */
  void retry() {
    ways()[0].retry();
    ways()[1].retry();
  }

  /** Whether a way can go on at once. */
  boolean isReady() {
    return ways()[0].isReady() || ways()[1].isReady();
  }

  /**
   * Moves bytes for one turn of each way that can go on.
   *
   * @return whether both ways have ended
   */
  boolean turn() throws IOException {
    for (Way way : ways()) {
      if (way.isReady() && way.turn()) {
        lastMoved = System.nanoTime();
      }
    }
    borrowedA.watch(ways()[0].sourceOps() | ways()[1].targetOps());
    borrowedB.watch(ways()[1].sourceOps() | ways()[0].targetOps());
    return ways()[0].hasEnded() && ways()[1].hasEnded();
  }

  private Way[] ways() {
    return Objects.requireNonNull(ways);
  }

  /** Gives up what is in flight, and lets the selector forget both channels at its next look. */
  void unregister(RelayEnd by) {
    for (Way way : ways()) {
      by.add(way.mover.moved(), way.mover.strand());
    }
    end = by;
    borrowedA.unregister();
    borrowedB.unregister();
  }

  /** Gives both channels back, and tells the end. The selector has forgotten them. */
  void complete() {
    RelayEnd known = Objects.requireNonNull(end);
    if (known.isBroken()) {
      borrowedA.reset();
      borrowedB.reset();
    }
    giveBack();
    ended.countDown();
    BiConsumer<@Nullable ReportEnding, @Nullable Throwable> listener = told;
    if (listener != null) {
      listener.accept(known.ending(), known.failure());
    }
  }

  private void giveBack() {
    borrowedA.giveBack();
    borrowedB.giveBack();
  }
}

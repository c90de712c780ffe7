package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import java.nio.channels.Channel;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The watch of the {@link CloseWatcher} over one transfer, and then over the next transfer of the
 * same {@link HeldPair}. A pair that threw is not used again, and so its watch, in whatever state
 * it was left, is nobody else's.
 */
final class Watched {
  /** No place: the watch is over, or has not begun. */
  static final int NOWHERE = -1;

  /** A place in the set of those that found their own taken. */
  static final int AMONG_OTHERS = -2;

  /** Where the watcher finds it; for the transfer's own thread. */
  int place = NOWHERE;

  /**
   * Held during each look, so that the watcher neither looks at a transfer that is over nor signals
   * its thread.
   */
  private final ReentrantLock lock = new ReentrantLock();

  /** The thread of the transfer; null while there is no transfer to look at. */
  private @Nullable Thread thread;

  private @Nullable Channel source;
  private @Nullable Channel target;
  private @Nullable Limits limits;
  private Usability ofSource = Usability.OPEN;
  private Usability ofTarget = Usability.OPEN;

  /** The native thread that makes the transfer's system call, for {@link NativeWait#signal}. */
  private long inside;

  private boolean isInside;

  /** Begins to watch the current thread's transfer. */
  void begin(Endpoint from, Endpoint to, @Nullable Limits of) {
    lock.lock();
    try {
      source = from.channel;
      ofSource = from.usability();
      target = to.channel;
      ofTarget = to.usability();
      limits = of;
      thread = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock without a wait that asks for the thread's interrupt status. The thread may be in
   * the thread set of a file. On JDK 21 an interrupt of a virtual thread waits, with the lock that
   * guards that status, until the thread has left the set.
   */
  private void take() {
    while (!lock.tryLock()) {
      Thread.onSpinWait();
    }
  }

  /** Records that the current thread begins a system call. */
  void enter() {
    take();
    try {
      inside = NativeWait.thread();
      isInside = true;
    } finally {
      lock.unlock();
    }
  }

  /** Records that the system call is over. */
  void leave() {
    take();
    isInside = false;
    lock.unlock();
  }

  /** Ends the watch, which then keeps nothing of the transfer. */
  void forget() {
    lock.lock();
    try {
      isInside = false;
      thread = null;
      source = null;
      target = null;
      limits = null;
      ofSource = Usability.OPEN;
      ofTarget = Usability.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the transfer's thread if it may have to end. */
  void look() {
    // A thread that enters or leaves just now looks at its channels by itself.
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (thread == null || !mayHaveToEnd()) {
        return;
      }
      if (isInside) {
        NativeWait.signal(inside);
      } else {
        LockSupport.unpark(thread);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the transfer's thread should look at its channels and limits. If the watcher fails to
   * look at them, the thread is woken as well and looks by itself.
   */
  private boolean mayHaveToEnd() {
    try {
      return !ofSource.isUsable(source)
          || !ofTarget.isUsable(target)
          || limits != null && limits.met() != Limits.Met.NONE;
    } catch (RuntimeException | Error e) {
      return true;
    }
  }
}

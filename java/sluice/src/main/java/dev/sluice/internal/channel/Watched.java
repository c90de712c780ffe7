package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import java.nio.channels.Channel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The watch of the {@link CloseWatcher} over one transfer, and then over another. */
final class Watched {
  /**
   * Held during each look, so that the watcher neither looks at a transfer that is over nor signals
   * its thread.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final AtomicBoolean isTaken = new AtomicBoolean();

  /** The thread of the transfer; null while there is no transfer to look at. */
  private @Nullable Thread thread;

  private @Nullable Channel source;
  private @Nullable Channel target;
  private Usability ofSource = Usability.OPEN;
  private Usability ofTarget = Usability.OPEN;

  /** The native thread that makes the transfer's system call, for {@link NativeWait#signal}. */
  private long inside;

  private boolean isInside;

  /** Takes the watch for a transfer, unless another transfer has it. */
  boolean take() {
    return !isTaken.get() && isTaken.compareAndSet(false, true);
  }

  boolean isTaken() {
    return isTaken.get();
  }

  /** Begins to watch the current thread's transfer. */
  void begin(Endpoint from, Endpoint to) {
    lock.lock();
    source = from.channel;
    ofSource = from.usability();
    target = to.channel;
    ofTarget = to.usability();
    thread = Thread.currentThread();
    lock.unlock();
  }

  /** Records that the current thread begins a system call. */
  void enter() {
    lock.lock();
    inside = NativeWait.thread();
    isInside = true;
    lock.unlock();
  }

  /** Records that the system call is over. */
  void leave() {
    lock.lock();
    isInside = false;
    lock.unlock();
  }

  /** Ends the watch, which then keeps nothing of the transfer, and may be taken for another. */
  void forget() {
    lock.lock();
    thread = null;
    source = null;
    target = null;
    ofSource = Usability.OPEN;
    ofTarget = Usability.OPEN;
    lock.unlock();
    isTaken.set(false);
  }

  /** Wakes the transfer's thread if one of its channels may no longer be usable. */
  void look() {
    // A thread that enters or leaves just now looks at its channels by itself.
    if (!isTaken() || !lock.tryLock()) {
      return;
    }
    try {
      if (thread == null || !mayBeUnusable()) {
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
   * Whether the transfer's thread should look at its channels. If the watcher fails to look at
   * them, the thread is woken as well and looks by itself.
   */
  private boolean mayBeUnusable() {
    try {
      return !ofSource.isUsable(source) || !ofTarget.isUsable(target);
    } catch (RuntimeException | Error e) {
      return true;
    }
  }
}

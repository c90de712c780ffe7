package dev.sluice.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a virtual thread keeps its carrier for a moment when the stream that it writes to
 * is full, before the thread is parked. A fast peer has taken bytes within that moment, which is
 * shorter than parking and waking. The thread keeps its carrier only while it is the one virtual
 * thread that transfers and no other transfer is watched, because other threads need carriers.
 *
 * <p>The fields are plain. A thread that sees an old value lingers in vain, or parks too early.
 */
final class Lingering {
  /** How many waits are not preceded by such a moment after one that was spent in vain. */
  private static final int RESTS = 8;

  /** How many waits are left of these. */
  private static int rests;

  /** The number of the virtual thread that asked last. */
  private static long last;

  private Lingering() {}

  /**
   * Whether the current thread's transfer may linger.
   *
   * @param own the transfer's own watch, or null
   */
  static boolean isWorthwhile(@Nullable Watched own) {
    long thread = Thread.currentThread().getId();
    if (last != thread) {
      last = thread;
      return false;
    }
    return rests == 0 && !CloseWatcher.isAnyWatchedBut(own);
  }

  /** Notes that the target is still full. */
  static void ended(boolean hasLingered) {
    rests = hasLingered ? RESTS : Math.max(0, rests - 1);
  }
}

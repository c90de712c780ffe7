package dev.sluice.internal.jdk;

import org.jspecify.annotations.Nullable;

/**
 * Threads that may wait in the kernel while they use something of Sluice's: a set as the JDK's own
 * file channels have. Where the JDK's class cannot be reached, this class counts the threads, and
 * the {@code CloseWatcher} wakes the threads that wait (see {@code DuplicateEndpoint}).
 */
public final class NativeThreadSet {
  private final @Nullable Object set;
  private int threadsInside;

  private NativeThreadSet(@Nullable Object set) {
    this.set = set;
  }

  /** Makes an empty set. */
  public static NativeThreadSet create() {
    return new NativeThreadSet(FileGuards.FILES ? FileGuards.newThreadSet() : null);
  }

  /**
   * Adds the current thread.
   *
   * @return what {@link #remove} takes
   */
  public int add() {
    if (set != null) {
      return FileGuards.add(set);
    }
    synchronized (this) {
      threadsInside++;
    }
    return -1;
  }

  /** Removes the current thread, which {@link #add} has added. */
  public void remove(int index) {
    if (set != null) {
      FileGuards.remove(set, index);
      return;
    }
    synchronized (this) {
      threadsInside--;
      notifyAll();
    }
  }

  /**
   * Wakes all threads in the set, and waits until all have left the set. Where threads are only
   * counted, this method waits and wakes no thread.
   */
  public void wake() {
    if (set != null) {
      FileGuards.signalAndWait(set);
      return;
    }
    boolean isInterrupted = false;
    synchronized (this) {
      while (threadsInside > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.sluice.internal.jdk;

import org.jspecify.annotations.Nullable;

/**
 * Threads that may wait in the kernel with something of ours: the JDK's own set, as its file
 * channels have one. Without it they are counted, and the {@code CloseWatcher} wakes who waits
 * there (see {@code DuplicateEndpoint}).
 */
public final class NativeThreadSet {
  private final @Nullable Object set;
  private int inside;

  private NativeThreadSet(@Nullable Object set) {
    this.set = set;
  }

  public static NativeThreadSet make() {
    return new NativeThreadSet(FileGuards.FILES ? FileGuards.newThreadSet() : null);
  }

  /** Adds the current thread: what to {@link #remove}. */
  public int add() {
    if (set != null) {
      return FileGuards.add(set);
    }
    synchronized (this) {
      inside++;
    }
    return -1;
  }

  public void remove(int index) {
    if (set != null) {
      FileGuards.remove(set, index);
      return;
    }
    synchronized (this) {
      inside--;
      notifyAll();
    }
  }

  /** Wakes all of them, and waits until they are gone. */
  public void wake() {
    if (set != null) {
      FileGuards.signalAndWait(set);
      return;
    }
    boolean isInterrupted = false;
    synchronized (this) {
      while (inside > 0) {
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

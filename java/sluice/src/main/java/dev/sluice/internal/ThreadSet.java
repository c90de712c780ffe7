package dev.sluice.internal;

import org.jspecify.annotations.Nullable;

/**
 * Threads that may wait in the kernel with something of ours: the JDK's own set, as its file
 * channels have one. Without it the {@link Watcher} wakes who waits there (see {@link Duplicate}).
 */
final class ThreadSet {
  private final @Nullable Object set;

  private ThreadSet(@Nullable Object set) {
    this.set = set;
  }

  static ThreadSet make() {
    return new ThreadSet(JdkChannels.FILES ? JdkChannels.newThreadSet() : null);
  }

  /** Adds the current thread: what to {@link #remove}. */
  int add() {
    return set == null ? -1 : JdkChannels.add(set);
  }

  void remove(int index) {
    if (set != null) {
      JdkChannels.remove(set, index);
    }
  }

  /** Wakes all of them, and waits until they are gone. */
  void wake() {
    if (set != null) {
      JdkChannels.signalAndWait(set);
    }
  }
}

package dev.sluice.bench.process;

import java.lang.reflect.Method;

/** Threads for connections. */
public enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  private static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 21;

  /** Whether this JDK has them. */
  public boolean isThere() {
    return this == PLATFORM || HAS_VIRTUAL;
  }

  /** Starts a thread that no end of the JVM waits for. */
  public void start(Runnable task) {
    if (this == VIRTUAL) {
      startVirtual(task);
      return;
    }
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  /** By reflection: this is compiled for a JDK that does not have them. */
  private static void startVirtual(Runnable task) {
    try {
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      start.invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

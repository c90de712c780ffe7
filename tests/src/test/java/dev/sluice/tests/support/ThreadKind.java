package dev.sluice.tests.support;

/** The kinds of thread that a transfer runs on. */
public enum ThreadKind {
  PLATFORM,
  /** From JDK 21 on; see {@link VirtualThreads}. */
  VIRTUAL;

  /** Starts a thread that does not keep the JVM alive. */
  public Thread start(Runnable task) {
    if (this == VIRTUAL) {
      return VirtualThreads.start(task);
    }
    Thread thread = new Thread(task, "guarded");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}

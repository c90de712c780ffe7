package dev.sluice.tests.chaos;

/** Threads that end with the JVM, whatever they wait for. */
final class DaemonThreads {
  static final boolean HAVE_VIRTUAL = Runtime.version().feature() >= 21;

  private DaemonThreads() {}

  /** Starts a platform thread, or a virtual one of a later JDK than this is compiled for. */
  static Thread start(String name, boolean virtual, Runnable task) {
    if (virtual) {
      try {
        return (Thread)
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

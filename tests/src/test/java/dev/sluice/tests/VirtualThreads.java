package dev.sluice.tests;

/** The virtual threads of a later JDK, for tests that are compiled for Java 17. */
final class VirtualThreads {
  /** Whether the running JDK has them. */
  static final boolean ARE_THERE = Runtime.version().feature() >= 21;

  private VirtualThreads() {}

  static Thread start(Runnable task) {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

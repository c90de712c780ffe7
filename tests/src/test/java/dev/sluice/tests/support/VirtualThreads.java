package dev.sluice.tests.support;

/** The virtual threads of a later JDK, for tests that are compiled for Java 17. */
public final class VirtualThreads {
  /** Whether the running JDK has them. */
  public static final boolean ARE_THERE = Runtime.version().feature() >= 21;

  private VirtualThreads() {}

  public static Thread start(Runnable task) {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** What the classes, compiled for Java 17, want to know of the threads of a later JDK. */
public final class Threads {
  private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

  /** Whether this JDK has virtual threads. */
  static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 21;

  private Threads() {}

  /** Whether the current thread is a virtual one. */
  public static boolean isVirtual() {
    try {
      return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets other virtual threads run, as the scheduler does not by itself. */
  public static void yieldIfVirtual() {
    if (HAS_VIRTUAL && isVirtual()) {
      Thread.yield();
    }
  }

  /** Runs what may take long on a thread of its own, or at once where there can be none. */
  public static void runAside(String name, Runnable task) {
    if (!start(name, task)) {
      task.run();
    }
  }

  /**
   * Starts a thread that keeps neither the JVM nor a class loader alive.
   *
   * @return whether there are resources for one
   */
  public static boolean start(String name, Runnable task) {
    try {
      Thread thread = new Thread(null, task, name, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private static MethodHandle isVirtualHandle() {
    MethodType type = MethodType.methodType(boolean.class);
    try {
      return MethodHandles.publicLookup().findVirtual(Thread.class, "isVirtual", type);
    } catch (ReflectiveOperationException e) {
      return MethodHandles.dropArguments(
          MethodHandles.constant(boolean.class, false), 0, Thread.class);
    }
  }
}

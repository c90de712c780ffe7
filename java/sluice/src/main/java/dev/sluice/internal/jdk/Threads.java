package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Methods of later JDKs' threads, for classes that are compiled for Java 17. */
public final class Threads {
  /** Whether this JDK has virtual threads. */
  static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 21;

  /** {@code Thread.isVirtual}, or null where there are no virtual threads. */
  private static final @Nullable MethodHandle IS_VIRTUAL = HAS_VIRTUAL ? isVirtualHandle() : null;

  private Threads() {}

  /** Whether the current thread is a virtual one. */
  public static boolean isVirtual() {
    if (IS_VIRTUAL == null) {
      return false;
    }
    try {
      return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Lets other virtual threads run. The JDK's scheduler never interrupts a virtual thread by
   * itself.
   */
  public static void yieldIfVirtual() {
    if (HAS_VIRTUAL && isVirtual()) {
      Thread.yield();
    }
  }

  /**
   * Runs a task that may take long in a thread of its own, or in this thread where none can be
   * started.
   */
  public static void runAside(String name, Runnable task) {
    if (!start(name, task)) {
      task.run();
    }
  }

  /**
   * Starts a daemon thread that holds no class loader. Under a security manager the thread has the
   * permissions of the code that called Sluice, and needs none.
   *
   * @return whether the system had the resources for a thread, and a security manager allowed it
   */
  public static boolean start(String name, Runnable task) {
    try {
      Thread thread = new Thread(null, task, name, 0, false);
      thread.setDaemon(true);
      if (!Privileged.orElse(() -> holdsNoLoader(thread), false)) {
        return false;
      }
      thread.start();
      return true;
    } catch (OutOfMemoryError | SecurityException e) {
      return false;
    }
  }

  private static boolean holdsNoLoader(Thread thread) {
    thread.setContextClassLoader(null);
    return true;
  }

  private static MethodHandle isVirtualHandle() {
    MethodType type = MethodType.methodType(boolean.class);
    try {
      return MethodHandles.publicLookup().findVirtual(Thread.class, "isVirtual", type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

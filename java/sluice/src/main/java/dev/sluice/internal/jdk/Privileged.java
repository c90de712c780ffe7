package dev.sluice.internal.jdk;

import java.io.IOException;
import java.nio.file.Path;
import java.security.AccessController;
import java.security.CodeSource;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what Sluice does for itself under the permissions of Sluice's jar alone, whatever code calls
 * Sluice. This matters under a {@code SecurityManager}, which JDK 24 took away (JEP 486).
 *
 * <p>An action touches nothing that the caller has named, unless {@link #checkRead} or {@link
 * #checkWrite} was called before: those ask for the permissions of the whole stack, as NIO does.
 */
public final class Privileged {
  /** Later JDKs may lack the classes that {@link Manager} names. */
  private static final boolean CAN_BE_MANAGED = Runtime.version().feature() < 24;

  private Privileged() {}

  /** What Sluice does for itself. */
  public interface Action<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /**
   * Runs an action.
   *
   * @throws SecurityException if Sluice's jar has no permission for it
   */
  public static <T extends @Nullable Object> T run(Action<T> action) throws IOException {
    return isManaged() ? Manager.run(action) : action.run();
  }

  /** Runs an action, or answers {@code without} if Sluice's jar has no permission for it. */
  public static <T extends @Nullable Object> T orElse(Supplier<T> action, T without) {
    if (!isManaged()) {
      return action.get();
    }
    try {
      return Manager.get(action);
    } catch (SecurityException e) {
      return without;
    }
  }

  /** A system property, or null if it is not set or Sluice's jar may not read it. */
  static @Nullable String property(String name) {
    return isManaged() ? orElse(() -> System.getProperty(name), null) : System.getProperty(name);
  }

  /**
   * Checks that the caller of Sluice may read a file, as the JDK does before it opens the file.
   *
   * @throws SecurityException if any code on the stack may not
   */
  public static void checkRead(Path path) {
    if (isManaged()) {
      Manager.checkRead(path.toString());
    }
  }

  /** The same as {@link #checkRead}, for writing. */
  public static void checkWrite(Path path) {
    if (isManaged()) {
      Manager.checkWrite(path.toString());
    }
  }

  /**
   * Whether there is a security manager. A caller on the way of the first transfer asks it before
   * it makes a lambda, which takes a JVM that has just started a millisecond and more.
   */
  @SuppressWarnings("removal")
  public static boolean isManaged() {
    return CAN_BE_MANAGED && System.getSecurityManager() != null;
  }

  /** What needs more of the JDK's classes for a security manager than the question for one. */
  @SuppressWarnings("removal")
  private static final class Manager {
    static <T extends @Nullable Object> T get(Supplier<T> action) {
      try {
        return run(action, action::get);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    static <T extends @Nullable Object> T run(Action<T> action) throws IOException {
      return run(action, action);
    }

    private static <T extends @Nullable Object> T run(Object given, Action<T> action)
        throws IOException {
      PrivilegedExceptionAction<T> checked =
          () -> {
            ensureOwn(given.getClass());
            return action.run();
          };
      try {
        return AccessController.doPrivileged(checked);
      } catch (PrivilegedActionException e) {
        throw Rethrow.io(e.getException());
      }
    }

    /**
     * Refuses an action of other code. On the class path every class can call this one. Its own
     * classes would bring their own permissions with them, but the JDK's have all permissions, and
     * no chain of them is to be lent Sluice's.
     */
    private static void ensureOwn(Class<?> action) {
      Class<?> own = Privileged.class;
      if (action.getClassLoader() != own.getClassLoader()
          || !Objects.equals(codeSource(action), codeSource(own))) {
        throw new SecurityException(action.getName());
      }
    }

    private static @Nullable CodeSource codeSource(Class<?> type) {
      return type.getProtectionDomain().getCodeSource();
    }

    static void checkRead(String path) {
      SecurityManager manager = System.getSecurityManager();
      if (manager != null) {
        manager.checkRead(path);
      }
    }

    static void checkWrite(String path) {
      SecurityManager manager = System.getSecurityManager();
      if (manager != null) {
        manager.checkWrite(path);
      }
    }
  }
}

package dev.sluice.internal.jdk;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The guards that the JDK's own file channels put around a descriptor. One is a thread set: a close
 * signals the threads in the set and waits for them. The other is a hook for interrupts.
 *
 * <p>This class probes each handle once, when it is initialised, and keeps the handle in a {@code
 * static final} field, so that the JIT compiles a call of it like a direct call. Where a handle is
 * missing, or with {@code -Ddev.sluice.internals=off}, files are served through a {@code
 * DuplicateEndpoint}.
 *
 * <p>The names are those of {@code sun.nio.ch.FileChannelImpl}; they are the same on JDK 17 to 25.
 */
public final class FileGuards {
  private static final Probe PROBE = new Probe(TrustedLookup.FILES, "files", "blocks");

  private static final Class<?> FILE = PROBE.type("sun.nio.ch.FileChannelImpl");
  private static final MethodHandle DESCRIPTOR =
      PROBE.getter(FileDescriptor.class, FILE, "fd", FileDescriptor.class);
  private static final MethodHandle NUMBER =
      PROBE.getter(int.class, FileDescriptor.class, "fd", int.class);
  private static final Class<?> THREADS = PROBE.type("sun.nio.ch.NativeThreadSet");
  private static final MethodHandle THREADS_OF =
      PROBE.getter(Object.class, FILE, "threads", THREADS);
  private static final MethodHandle THREADS_NEW =
      PROBE.constructor(Object.class, THREADS, int.class);
  private static final MethodHandle THREADS_ADD = PROBE.castMethod(THREADS, "add", int.class);
  private static final MethodHandle THREADS_REMOVE =
      PROBE.castMethod(THREADS, "remove", void.class, int.class);
  private static final MethodHandle THREADS_SIGNAL =
      PROBE.castMethod(THREADS, "signalAndWait", void.class);
  private static final MethodHandle BEGIN = PROBE.castMethod(FILE, "beginBlocking", void.class);
  private static final MethodHandle END =
      PROBE.castMethod(FILE, "endBlocking", void.class, boolean.class);
  private static final MethodHandle READABLE =
      PROBE.getter(boolean.class, FILE, "readable", boolean.class);
  private static final MethodHandle WRITABLE =
      PROBE.getter(boolean.class, FILE, "writable", boolean.class);

  /** Whether all guards of files were found, so that transfers enter the JDK's own thread sets. */
  public static final boolean FILES =
      PROBE.foundAll("the JDK's own guards", "duplicated descriptors");

  private static final MethodHandle ALIGNMENT =
      PROBE.getter(int.class, FILE, "alignment", int.class);

  /** Whether the JDK's file channel has a field with the size of its blocks. */
  public static final boolean BLOCKS = PROBE.foundAll("the JDK's own field", "statvfs");

  static {
    PROBE.end();
  }

  private FileGuards() {}

  /** Which guards were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** Whether a channel is the JDK's own kind of file channel. */
  public static boolean isFile(@Nullable Channel channel) {
    return FILE.isInstance(channel);
  }

  /**
   * The size of a block, in bytes, of a file that is open with {@code O_DIRECT}; -1 for other
   * files.
   */
  public static int alignment(FileChannel file) {
    try {
      return (int) ALIGNMENT.invokeExact((Object) FILE.cast(file));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * The number of the file's descriptor, which holds only between {@link #enter} and {@link
   * #leave}.
   */
  public static int descriptor(FileChannel file) {
    try {
      FileDescriptor descriptor = (FileDescriptor) DESCRIPTOR.invokeExact((Object) FILE.cast(file));
      return (int) NUMBER.invokeExact((Object) descriptor);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Adds the current thread to the file's thread set. A close signals the thread and waits until
   * the thread has left the set.
   *
   * @return the thread's index in the set, for {@link #leave}
   */
  public static int enter(FileChannel file) {
    try {
      return add((Object) THREADS_OF.invokeExact((Object) FILE.cast(file)));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Removes the current thread from the file's thread set. */
  public static void leave(FileChannel file, int index) {
    try {
      remove((Object) THREADS_OF.invokeExact((Object) FILE.cast(file)), index);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Makes a thread set that belongs to no channel. */
  static Object newThreadSet() {
    try {
      return (Object) THREADS_NEW.invokeExact(1);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Adds the current thread to a set, and answers its index for {@link #remove}. */
  static int add(Object threads) {
    try {
      return (int) THREADS_ADD.invokeExact((Object) THREADS.cast(threads));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Removes the current thread from a set. */
  static void remove(Object threads, int index) {
    try {
      THREADS_REMOVE.invokeExact((Object) THREADS.cast(threads), index);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Signals the threads in a set, and waits until they have left the set. */
  static void signalAndWait(Object threads) {
    try {
      THREADS_SIGNAL.invokeExact((Object) THREADS.cast(threads));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Sets the hook that closes the file when the thread is interrupted. */
  public static void begin(FileChannel file) {
    try {
      BEGIN.invokeExact((Object) FILE.cast(file));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Removes the hook that {@link #begin} has set.
   *
   * @param completed whether the transfer did its work
   * @throws java.nio.channels.AsynchronousCloseException if the file was closed meanwhile and the
   *     transfer did not do its work
   */
  public static void end(FileChannel file, boolean completed) throws IOException {
    try {
      END.invokeExact((Object) FILE.cast(file), completed);
    } catch (Throwable e) {
      throw Rethrow.io(e);
    }
  }

  /** Whether the file was opened for reading. */
  public static boolean isReadable(FileChannel file) {
    try {
      return (boolean) READABLE.invokeExact((Object) FILE.cast(file));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Whether the file was opened for writing. */
  public static boolean isWritable(FileChannel file) {
    try {
      return (boolean) WRITABLE.invokeExact((Object) FILE.cast(file));
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }
}

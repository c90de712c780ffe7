package dev.sluice.internal.jdk;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Files in memory alone, by {@code memfd_create(2)}, before the native library is loaded. They are
 * made by the JDK's own linker, which JDK 21 and newer have. Its classes are named in strings,
 * because JDK 17 and the compiler for it know none of them.
 */
public final class MemoryFile {
  private static final int MFD_CLOEXEC = 1;

  private MemoryFile() {}

  /**
   * Creates a file in memory.
   *
   * @param name what {@code /proc/PID/maps} shows
   * @return the descriptor, for {@link #close}
   * @throws IOException if the JDK has no linker, or the kernel makes no such file
   */
  public static int create(String name) throws IOException {
    byte[] bytes = (name + '\0').getBytes(StandardCharsets.US_ASCII);
    try {
      Object arena = type("Arena").getMethod("ofAuto").invoke(null);
      Object text = type("Arena").getMethod("allocate", long.class).invoke(arena, bytes.length);
      ((ByteBuffer) type("MemorySegment").getMethod("asByteBuffer").invoke(text)).put(bytes);
      MethodHandle create = function("memfd_create", "ADDRESS", "JAVA_INT");
      int descriptor = (int) create.invokeWithArguments(text, MFD_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("is refused: memfd_create fails");
      }
      return descriptor;
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** Closes a file in memory. */
  public static void close(int descriptor) throws IOException {
    try {
      int unused = (int) function("close", "JAVA_INT").invokeWithArguments(descriptor);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** A function of the C library that returns {@code int}, with parameters of these layouts. */
  private static MethodHandle function(String name, String... layouts)
      throws ReflectiveOperationException {
    Class<?> linkers = type("Linker");
    Object linker = linkers.getMethod("nativeLinker").invoke(null);
    Object symbols = linkers.getMethod("defaultLookup").invoke(linker);
    Object address =
        ((Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(symbols, name))
            .orElseThrow();
    Class<?> layout = type("MemoryLayout");
    Object parameters = Array.newInstance(layout, layouts.length);
    for (int i = 0; i < layouts.length; i++) {
      Array.set(parameters, i, layoutOf(layouts[i]));
    }
    Object signature =
        type("FunctionDescriptor")
            .getMethod("of", layout, layout.arrayType())
            .invoke(null, layoutOf("JAVA_INT"), parameters);
    Class<?> option = type("Linker$Option");
    return (MethodHandle)
        linkers
            .getMethod(
                "downcallHandle",
                type("MemorySegment"),
                type("FunctionDescriptor"),
                option.arrayType())
            .invoke(linker, address, signature, Array.newInstance(option, 0));
  }

  private static Object layoutOf(String value) throws ReflectiveOperationException {
    return type("ValueLayout").getField(value).get(null);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("java.lang.foreign." + name);
  }

  private static IOException failure(Throwable e) {
    if (e instanceof IOException io) {
      return io;
    }
    if (e instanceof ClassNotFoundException) {
      return new IOException("needs JDK 21 or newer", e);
    }
    Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
    return new IOException("is refused: " + cause, e);
  }
}

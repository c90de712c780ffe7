package dev.sluice.bench.linker;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * System calls through {@code java.lang.foreign.Linker}. These sources cannot name it, because they
 * are compiled for a JDK that does not have it. Pointers are passed as numbers, and {@code errno}
 * is captured, as a careful program would do.
 */
final class Linker {
  /** {@code ssize_t sendfile(int out, int in, off_t *offset, size_t count)}. */
  static final MethodHandle SENDFILE;

  /** {@code ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned)}. */
  static final MethodHandle COPY_FILE_RANGE;

  /** {@code ssize_t splice(int, off_t *, int, off_t *, size_t, unsigned)}. */
  static final MethodHandle SPLICE;

  /** {@code ssize_t recv(int socket, void *buffer, size_t length, int flags)}. */
  static final MethodHandle RECV;

  /** {@code ssize_t send(int socket, const void *buffer, size_t length, int flags)}. */
  static final MethodHandle SEND;

  /** {@code ssize_t pwrite(int file, const void *buffer, size_t count, off_t offset)}. */
  static final MethodHandle PWRITE;

  private static final Class<?>[] BETWEEN_OFFSETS = {
    int.class, long.class, int.class, long.class, long.class, int.class
  };

  /** The null pointer. */
  static final long NULL = 0;

  static final int SPLICE_F_MOVE = 1;

  private static final Binding BINDING;
  private static final Method ADDRESS;
  private static final Method OF_BUFFER;

  static {
    try {
      Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
      ADDRESS = segment.getMethod("address");
      OF_BUFFER = segment.getMethod("ofBuffer", java.nio.Buffer.class);
      BINDING = new Binding();
      SENDFILE = BINDING.bind("sendfile", int.class, int.class, long.class, long.class);
      COPY_FILE_RANGE = BINDING.bind("copy_file_range", BETWEEN_OFFSETS);
      SPLICE = BINDING.bind("splice", BETWEEN_OFFSETS);
      RECV = BINDING.bind("recv", int.class, long.class, long.class, int.class);
      SEND = BINDING.bind("send", int.class, long.class, long.class, int.class);
      PWRITE = BINDING.bind("pwrite", int.class, long.class, long.class, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Linker() {}

  /** The size in bytes of a call state, in which a call leaves its {@code errno}. */
  static int stateBytes() {
    return BINDING.stateBytes;
  }

  /** The address of a direct buffer. */
  static long address(ByteBuffer buffer) {
    try {
      return (long) ADDRESS.invoke(segment(buffer));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.lang.foreign", e);
    }
  }

  /** The segment of a direct buffer. */
  static Object segment(ByteBuffer buffer) throws ReflectiveOperationException {
    return OF_BUFFER.invoke(null, buffer);
  }

  /**
   * The exception to throw for one that a downcall threw. A downcall throws no checked exception.
   */
  static RuntimeException unexpected(Throwable e) {
    return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }

  /** The linker, by reflection. */
  private static final class Binding {
    private final Class<?> linkerType = Class.forName("java.lang.foreign.Linker");
    private final Class<?> layoutType = Class.forName("java.lang.foreign.MemoryLayout");
    private final Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
    private final Class<?> optionType = Class.forName("java.lang.foreign.Linker$Option");
    private final Class<?> valueType = Class.forName("java.lang.foreign.ValueLayout");
    private final Class<?> descriptorType = Class.forName("java.lang.foreign.FunctionDescriptor");
    private final Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    private final int stateBytes;

    Binding() throws ReflectiveOperationException {
      Object layout = optionType.getMethod("captureStateLayout").invoke(null);
      stateBytes = Math.toIntExact((long) layoutType.getMethod("byteSize").invoke(layout));
    }

    /** A call whose first argument is the segment of a {@code CapturedErrno}. */
    MethodHandle bind(String name, Class<?>... parameters) throws ReflectiveOperationException {
      Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
      Optional<?> symbol =
          (Optional<?>)
              Class.forName("java.lang.foreign.SymbolLookup")
                  .getMethod("find", String.class)
                  .invoke(lookup, name);
      Object layouts = Array.newInstance(layoutType, parameters.length);
      for (int i = 0; i < parameters.length; i++) {
        Array.set(layouts, i, layout(parameters[i]));
      }
      Object descriptor =
          descriptorType
              .getMethod("of", layoutType, layouts.getClass())
              .invoke(null, layout(long.class), layouts);
      Object options = Array.newInstance(optionType, 1);
      Array.set(
          options,
          0,
          optionType
              .getMethod("captureCallState", String[].class)
              .invoke(null, (Object) new String[] {"errno"}));
      MethodHandle downcall =
          (MethodHandle)
              linkerType
                  .getMethod("downcallHandle", segmentType, descriptorType, options.getClass())
                  .invoke(linker, symbol.orElseThrow(), descriptor, options);
      return downcall.asType(downcall.type().changeParameterType(0, Object.class));
    }

    private Object layout(Class<?> type) throws ReflectiveOperationException {
      return valueType.getField(type == int.class ? "JAVA_INT" : "JAVA_LONG").get(null);
    }
  }
}

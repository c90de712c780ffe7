package dev.sluice.bench.linker;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * {@code MemorySegment} and {@code Arena} of JDK 22 and newer, for sources that are compiled for
 * JDK 17: by method handles, which the JIT compiles like direct calls.
 */
public final class MemorySegments {
  private static final MethodHandle SHARED = arena("ofShared");
  private static final MethodHandle CONFINED = arena("ofConfined");
  private static final MethodHandle AUTOMATIC = arena("ofAuto");
  private static final MethodHandle MAP = map();
  private static final MethodHandle GET_LONG = getLong();
  private static final MethodHandle COPY = copy();

  private MemorySegments() {}

  public static AutoCloseable shared() throws Throwable {
    return (AutoCloseable) SHARED.invokeExact();
  }

  public static AutoCloseable confined() throws Throwable {
    return (AutoCloseable) CONFINED.invokeExact();
  }

  /** An arena whose segments live until the collector finds them. */
  static AutoCloseable automatic() throws Throwable {
    return (AutoCloseable) AUTOMATIC.invokeExact();
  }

  public static Object map(FileChannel channel, MapMode mode, long size, AutoCloseable arena)
      throws Throwable {
    return map(channel, mode, 0, size, arena);
  }

  static Object map(
      FileChannel channel, MapMode mode, long position, long size, AutoCloseable arena)
      throws Throwable {
    return (Object) MAP.invokeExact(channel, mode, position, size, arena);
  }

  /** Reads eight bytes in the machine's order, aligned or not. */
  public static long getLong(Object segment, long offset) throws Throwable {
    return (long) GET_LONG.invokeExact(segment, offset);
  }

  /** Copies bytes into the beginning of an array. */
  static void copy(Object segment, long offset, byte[] target, int count) {
    try {
      COPY.invokeExact(segment, offset, (Object) target, count);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
  }

  private interface Search {
    MethodHandle in(MethodHandles.Lookup lookup) throws ReflectiveOperationException;
  }

  private static MethodHandle found(Search search) {
    try {
      return search.in(MethodHandles.publicLookup());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("needs JDK 22 or newer", e);
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("java.lang.foreign." + name);
  }

  private static MethodHandle arena(String name) {
    return found(
        lookup ->
            lookup
                .findStatic(type("Arena"), name, MethodType.methodType(type("Arena")))
                .asType(MethodType.methodType(AutoCloseable.class)));
  }

  private static MethodHandle map() {
    return found(
        lookup -> {
          MethodType own =
              MethodType.methodType(
                  type("MemorySegment"), MapMode.class, long.class, long.class, type("Arena"));
          return lookup
              .findVirtual(FileChannel.class, "map", own)
              .asType(
                  MethodType.methodType(
                      Object.class,
                      FileChannel.class,
                      MapMode.class,
                      long.class,
                      long.class,
                      AutoCloseable.class));
        });
  }

  private static MethodHandle getLong() {
    return found(
        lookup -> {
          Class<?> layout = type("ValueLayout$OfLong");
          Object unaligned = type("ValueLayout").getField("JAVA_LONG_UNALIGNED").get(null);
          MethodHandle get =
              lookup.findVirtual(
                  type("MemorySegment"),
                  "get",
                  MethodType.methodType(long.class, layout, long.class));
          return MethodHandles.insertArguments(get, 1, unaligned)
              .asType(MethodType.methodType(long.class, Object.class, long.class));
        });
  }

  private static MethodHandle copy() {
    return found(
        lookup -> {
          Class<?> segment = type("MemorySegment");
          Class<?> layout = type("ValueLayout");
          MethodType own =
              MethodType.methodType(
                  void.class, segment, layout, long.class, Object.class, int.class, int.class);
          MethodHandle copy = lookup.findStatic(segment, "copy", own);
          Object bytes = layout.getField("JAVA_BYTE").get(null);
          return MethodHandles.insertArguments(MethodHandles.insertArguments(copy, 4, 0), 1, bytes)
              .asType(
                  MethodType.methodType(
                      void.class, Object.class, long.class, Object.class, int.class));
        });
  }
}

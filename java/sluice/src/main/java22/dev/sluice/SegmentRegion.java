package dev.sluice;

import dev.sluice.internal.mapping.RegionPart;
import dev.sluice.internal.mapping.SegmentMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * The part of {@link MappedRegion} that depends on the JDK, for JDK 22 and newer. It is compiled
 * against stubs of the two types that JDK 17 lacks. Therefore it calls the JDK through method
 * handles.
 */
abstract class SegmentRegion {
  private static final Maker MAKER = new Maker();

  /** The region or slice that the methods work on. */
  abstract RegionPart region();

  /**
   * Returns a memory segment over the whole region, of any size, which threads may share. The
   * segment is read-only if the region is. Writes through the region, its buffers or the segment
   * can be read through all of them.
   *
   * <p>The segment is alive until the region is closed or resized. A later access throws an {@link
   * IllegalStateException}. So does an access that races with the close; HotSpot leaves its thread
   * interrupted, as it does with every shared arena.
   *
   * <p>At the moment of the close, a system call may use the segment's memory, as when a channel
   * writes a buffer over it. That call fails with {@code EFAULT}. It also keeps the segment from
   * being declared dead; later accesses are then an {@link InternalError}, as with the region's
   * buffers.
   *
   * <p>A reachable segment keeps the memory mapped, so that it can be used although the region
   * became unreachable and was never closed.
   *
   * @return the segment
   * @throws IllegalStateException if the region is closed
   * @throws UncheckedIOException if the kernel has no room for it
   */
  public MemorySegment segment() {
    try {
      return (MemorySegment) region().segment(MAKER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Maker implements SegmentMaker {
    private static final MethodHandles.Lookup OWN = MethodHandles.lookup();
    private static final MethodHandle OPEN =
        staticOf(Arena.class, "ofShared", MethodType.methodType(Arena.class));
    private static final MethodHandle CLOSE =
        virtualOf(Arena.class, "close", MethodType.methodType(void.class));
    private static final MethodHandle OF_ADDRESS =
        staticOf(
            MemorySegment.class,
            "ofAddress",
            MethodType.methodType(MemorySegment.class, long.class));
    private static final MethodHandle REINTERPRET =
        virtualOf(
            MemorySegment.class,
            "reinterpret",
            MethodType.methodType(MemorySegment.class, long.class, Arena.class, Consumer.class));
    private static final MethodHandle AS_READ_ONLY =
        virtualOf(MemorySegment.class, "asReadOnly", MethodType.methodType(MemorySegment.class));

    private static MethodHandle staticOf(Class<?> owner, String name, MethodType type) {
      try {
        return OWN.findStatic(owner, name, type);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private static MethodHandle virtualOf(Class<?> owner, String name, MethodType type) {
      try {
        return OWN.findVirtual(owner, name, type);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @Override
    public Object open() {
      try {
        return (Arena) OPEN.invokeExact();
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    public Object segment(
        Object arena, long address, long size, boolean isReadOnly, Runnable keeps) {
      try {
        MemorySegment none = (MemorySegment) OF_ADDRESS.invokeExact(address);
        Consumer<MemorySegment> kept = ended -> keeps.run();
        MemorySegment segment =
            (MemorySegment) REINTERPRET.invokeExact(none, size, (Arena) arena, (Consumer) kept);
        return isReadOnly ? (MemorySegment) AS_READ_ONLY.invokeExact(segment) : segment;
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    public void close(Object arena) {
      try {
        CLOSE.invokeExact((Arena) arena);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    private static RuntimeException unchecked(Throwable e) {
      if (e instanceof RuntimeException runtime) {
        return runtime;
      }
      if (e instanceof Error error) {
        throw error;
      }
      return new IllegalStateException(e);
    }
  }
}

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
 * What of {@link MappedRegion} depends on the JDK, from 22 on. It is compiled against stubs of the
 * two types that JDK 17 lacks, hence the handles.
 */
abstract class SegmentRegion {
  private static final Maker MAKER = new Maker();

  /** What is mapped. */
  abstract RegionPart region();

  /**
   * All of it as a memory segment, of any size, which threads may share; read-only where the region
   * is. What one of the region, its buffers and the segment writes the others read.
   *
   * <p>It is alive until the region is closed or resized: an access after that is an {@link
   * IllegalStateException}, also one that races with the close, whose thread HotSpot leaves
   * interrupted, as by every shared arena. A system call that is made with the segment's memory at
   * that moment, as by a channel that writes a buffer over it, fails with {@code EFAULT}; it keeps
   * the segment from being declared dead, and later accesses are an {@link InternalError} then, as
   * of the region's buffers. A segment that is reachable keeps the memory mapped, so that a region
   * which was forgotten and never closed does it no harm.
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

package dev.sluice;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;

/**
 * The part of {@link SluiceFileChannel} that depends on the JDK, for JDK 22 and newer. It is
 * compiled against stubs of the types that JDK 17 lacks or JDK 21 has otherwise, so that every JDK
 * can build the whole jar. Therefore it calls the JDK through a method handle.
 */
abstract class SegmentFileChannel extends ForwardingFileChannel {
  private static final MethodHandle MAP = find();

  SegmentFileChannel(FileChannel file) {
    super(file);
  }

  /**
   * Maps a part of this file into a memory segment, as {@code FileChannel.map(mode, offset, size,
   * arena)} of the wrapped channel. The segment lives as long as the arena.
   */
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    try {
      return (MemorySegment) MAP.invokeExact(file(), mode, offset, size, arena);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      follow();
    }
  }

  private static MethodHandle find() {
    MethodType type =
        MethodType.methodType(
            MemorySegment.class, MapMode.class, long.class, long.class, Arena.class);
    try {
      return MethodHandles.publicLookup().findVirtual(FileChannel.class, "map", type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

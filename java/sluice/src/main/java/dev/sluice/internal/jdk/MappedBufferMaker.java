package dev.sluice.internal.jdk;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.MappedByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes buffers over mapped memory as {@code FileChannel.map} does, by {@code sun.nio.ch.Util}. The
 * names are the same on JDK 17 to 25.
 */
public final class MappedBufferMaker {
  private static final Probe PROBE = new Probe(TrustedLookup.BUFFERS, "mapped buffers");
  private static final Class<?> UTIL = PROBE.type("sun.nio.ch.Util");
  private static final MethodHandle BUFFER = makerMethod("newMappedByteBuffer");
  private static final MethodHandle READ_ONLY_BUFFER = makerMethod("newMappedByteBufferR");

  /**
   * Whether the JDK's methods were found. Without them buffers are direct buffers that can neither
   * force nor load.
   */
  public static final boolean FOUND =
      PROBE.foundAll("the JDK's own", "direct buffers without force and load");

  static {
    PROBE.end();
  }

  private MappedBufferMaker() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /**
   * A buffer over mapped memory.
   *
   * @param address the address of the first byte
   * @param length in bytes
   * @param unmapper runs when neither the buffer nor a view of the buffer is reachable
   * @param readOnly whether the buffer refuses writes
   */
  public static MappedByteBuffer buffer(
      long address, int length, @Nullable Runnable unmapper, boolean readOnly) {
    // The JDK takes a buffer with a descriptor for a mapping, and never uses the descriptor's
    // number.
    FileDescriptor mark = new FileDescriptor();
    try {
      return readOnly
          ? (MappedByteBuffer) READ_ONLY_BUFFER.invokeExact(length, address, mark, unmapper, false)
          : (MappedByteBuffer) BUFFER.invokeExact(length, address, mark, unmapper, false);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  private static MethodHandle makerMethod(String name) {
    MethodType type =
        MethodType.methodType(
            MappedByteBuffer.class,
            int.class,
            long.class,
            FileDescriptor.class,
            Runnable.class,
            boolean.class);
    return PROBE.found(lookup -> lookup.findStatic(UTIL, name, type), type);
  }
}

package dev.sluice.internal.jdk;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.MappedByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buffers as {@code FileChannel.map} makes them, by {@code sun.nio.ch.Util}. The names are the same
 * on 17 to 25.
 */
public final class MappedBufferMaker {
  private static final Probe PROBE = new Probe(TrustedLookup.BUFFERS);
  private static final Class<?> UTIL = PROBE.type("sun.nio.ch.Util");
  private static final MethodHandle BUFFER = mapped("newMappedByteBuffer");
  private static final MethodHandle READ_ONLY_BUFFER = mapped("newMappedByteBufferR");

  /** Whether buffers are made so. */
  public static final boolean FOUND =
      PROBE.foundAll("mapped buffers", "the JDK's own", "direct buffers without force and load");

  static {
    PROBE.end();
  }

  private MappedBufferMaker() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** A buffer whose {@code unmapper} runs when neither it nor a view of it is reachable. */
  public static MappedByteBuffer buffer(
      long address, int length, @Nullable Runnable unmapper, boolean readOnly) {
    // Any descriptor says that this is a mapping: of its number nothing is ever done.
    FileDescriptor none = new FileDescriptor();
    try {
      return readOnly
          ? (MappedByteBuffer) READ_ONLY_BUFFER.invokeExact(length, address, none, unmapper, false)
          : (MappedByteBuffer) BUFFER.invokeExact(length, address, none, unmapper, false);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  private static MethodHandle mapped(String name) {
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

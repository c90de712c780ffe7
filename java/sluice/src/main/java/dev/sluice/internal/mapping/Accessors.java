package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.UnsafeMemory;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what reads and writes a mapping: the JDK's sessions where it has them, else plain
 * addresses, else views of direct buffers.
 */
public final class Accessors {
  private Accessors() {}

  /** Onto a mapping, or onto no bytes. */
  static Accessor of(Accessor.Source region, @Nullable Mapping mapping, Accessor.Part part) {
    Accessor accessor = make(region, mapping, part);
    return MemorySessions.FOUND || mapping == null || mapping.accesses() == null
        ? accessor
        : new LockedAccessor(accessor, region, mapping, mapping.accesses(), part);
  }

  /** Of a region that is closed: every access throws. */
  public static Accessor closed() {
    return make(null, null, new Accessor.Part(0, 0, false, ByteOrder.BIG_ENDIAN));
  }

  private static Accessor make(
      Accessor.@Nullable Source region, @Nullable Mapping mapping, Accessor.Part part) {
    if (MemorySessions.FOUND) {
      return new SessionAccessor(region, mapping, part);
    }
    return UnsafeMemory.ADDRESSES
        ? new AddressAccessor(region, mapping, part)
        : new BufferAccessor(region, mapping, part);
  }
}

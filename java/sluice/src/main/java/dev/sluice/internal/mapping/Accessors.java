package dev.sluice.internal.mapping;

import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.UnsafeMemory;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the accessor of a mapping. It uses the JDK's sessions where the JDK has them, else plain
 * addresses, else direct buffers.
 */
public final class Accessors {
  private Accessors() {}

  /**
   * Makes an accessor of a part of a mapping, or an accessor without bytes if the mapping is null.
   */
  static Accessor of(Accessor.Source region, @Nullable Mapping mapping, Accessor.Part part) {
    Accessor accessor = make(region, mapping, part);
    return MemorySessions.FOUND || mapping == null || mapping.accessLock() == null
        ? accessor
        : new LockedAccessor(accessor, region, mapping, mapping.accessLock(), part);
  }

  /** Makes the accessor of a closed region, on which every access throws. */
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

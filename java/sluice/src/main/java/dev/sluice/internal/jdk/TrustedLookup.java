package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Hands the JDK's trusted lookup over, once for each class that keeps handles on internals. */
final class TrustedLookup {
  /** The owner of a trusted lookup: {@link JdkChannels}. */
  static final int CHANNELS = 0;

  /** The owner of a trusted lookup: {@link CarrierCompensation}. */
  static final int CARRIER = 1;

  /** The owner of a trusted lookup: {@link UnsafeMemory}. */
  static final int MEMORY = 2;

  /** The owner of a trusted lookup: {@link MemorySessions}. */
  static final int SESSIONS = 3;

  private TrustedLookup() {}

  /** The JDK's trusted lookup, to the first caller for each owner only. */
  static native MethodHandles.@Nullable Lookup trustedLookup0(int owner);
}

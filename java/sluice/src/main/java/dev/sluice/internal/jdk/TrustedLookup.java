package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Hands out the JDK's trusted lookup, once to each class that keeps handles on internals. */
final class TrustedLookup {
  /** The owner of a trusted lookup: {@link FileGuards}. */
  static final int FILES = 0;

  /** The owner of a trusted lookup: {@link CarrierCompensation}. */
  static final int CARRIER = 1;

  /** The owner of a trusted lookup: {@link UnsafeMemory}. */
  static final int MEMORY = 2;

  /** The owner of a trusted lookup: {@link MemorySessions}. */
  static final int SESSIONS = 3;

  /** The owner of a trusted lookup: {@link StreamGuards}. */
  static final int STREAMS = 4;

  /** The owner of a trusted lookup: {@link MappedBufferMaker}. */
  static final int BUFFERS = 5;

  /** The owner of a trusted lookup: {@link PipeGuards}. */
  static final int PIPES = 6;

  private TrustedLookup() {}

  /** The JDK's trusted lookup, for the first call of each owner; null for any later call. */
  static native MethodHandles.@Nullable Lookup trustedLookup0(int owner);
}

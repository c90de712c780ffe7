package dev.sluice.internal.transfer;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Tells a caller how far a transfer or a response is. */
final class Telling {
  private final LongConsumer told;
  private final long everyBytes;

  /** The bytes that were told. */
  private long last;

  private Telling(LongConsumer told, long everyBytes) {
    this.told = told;
    this.everyBytes = everyBytes;
  }

  /** Who is to be told by some terms, or null. */
  static @Nullable Telling of(@Nullable Terms terms) {
    LongConsumer told = terms == null ? null : terms.told();
    return told == null ? null : new Telling(told, terms.everyBytes());
  }

  /** Whether enough bytes have moved since the caller was told. */
  boolean isDue(long moved) {
    return moved - last >= everyBytes;
  }

  /** Tells the bytes that have been moved, unless they were told. */
  void tell(long moved) {
    if (moved > last) {
      last = moved;
      told.accept(moved);
    }
  }
}

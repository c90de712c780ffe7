package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.ReadAhead;
import org.jspecify.annotations.Nullable;

/**
 * What a transfer on a virtual thread knows of its source file, so that its carrier does not wait
 * for the disk. A call moves only bytes that are in the page cache. The others are read ahead by
 * another thread; once for each, so that the transfer goes on whatever leaves the cache meanwhile.
 * Where nothing can be read ahead, the calls themselves are made by another thread.
 */
final class ColdSource {
  /** A transfer of fewer bytes would feel the look at the page cache. */
  static final long LEAST_BYTES = 64 << 10;

  private final Endpoint source;

  /** Up to how many bytes of the transfer have been read ahead. */
  private long ahead;

  /** Whether the next bytes are read ahead without a look. */
  private boolean isSlow;

  /** Whether the last call looked at the page cache. */
  private boolean hasLooked;

  /** Whether calls are made by another thread. */
  private boolean isAside;

  /**
   * Of a transfer on a virtual thread.
   *
   * @param isAside whether its calls pass the page cache
   */
  ColdSource(Endpoint source, boolean isAside) {
    this.source = source;
    this.isAside = isAside;
  }

  /** Whether calls are made by another thread from now on. */
  boolean isAside() {
    return isAside;
  }

  /** Has all further calls made by another thread. */
  void putAside() {
    isAside = true;
  }

  /** Whether the next bytes are to be read ahead before a call asks for them. */
  boolean isToBeRead(long moved) {
    return isSlow && !isAside && moved >= ahead;
  }

  /** What the shape of the next call says of the page cache. */
  int shape(long moved) {
    hasLooked = !isAside && moved >= ahead;
    return hasLooked ? TransferShape.WARM_ONLY : 0;
  }

  /** How many bytes the next call is asked for, of {@code count}. */
  long most(long moved, long count) {
    return moved < ahead && !isAside ? Math.min(count, ahead - moved) : count;
  }

  /** Whether the last call can have said that the file is to be waited for. */
  boolean hasLooked() {
    return hasLooked;
  }

  /** The next bytes, to be read ahead; null if another thread is to make the calls. */
  @Nullable ReadAhead readAhead(long count) {
    Endpoint own = source.forReadAhead();
    return own == null ? null : new ReadAhead(own, count);
  }

  /** Notes what was read ahead. */
  void read(ReadAhead by, long moved) {
    isAside = by.isImpossible();
    isSlow = by.isSlow();
    // Where nothing was read, the transfer goes on without a look, and finds out why.
    ahead = by.bytes() > 0 ? moved + by.bytes() : Long.MAX_VALUE;
  }
}

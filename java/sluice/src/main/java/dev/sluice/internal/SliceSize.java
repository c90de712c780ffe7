package dev.sluice.internal;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes the next native call of a copy gets: as many as take {@link #GOAL} at the speed of
 * the last one. An interrupt is seen between two calls only, and storage differs by a factor of a
 * thousand.
 */
final class SliceSize {
  private static final long GOAL = TimeUnit.MILLISECONDS.toNanos(8);
  private static final double MOST_GROWTH = 16;

  private final long least;
  private final long most;
  private long bytes;
  private long start;

  private SliceSize(long least, long first, long most) {
    this.least = least;
    this.bytes = first;
    this.most = most;
  }

  /** For bytes that are copied: 16 MiB take 3 to 8 ms in memory, and much longer on a disk. */
  static SliceSize ofData() {
    return new SliceSize(64L << 10, 1L << 20, 16L << 20);
  }

  /**
   * For extents that are shared: what takes time is their number, and the bytes that are not yet
   * written back. A multiple of every block size: a range that is not aligned cannot be shared.
   */
  static SliceSize ofExtents() {
    return new SliceSize(1L << 20, 16L << 20, 1L << 40);
  }

  /** The bytes of the call that begins now. */
  long begin() {
    start = System.nanoTime();
    return bytes;
  }

  /** The call is over. */
  void end() {
    long nanos = Math.max(1, System.nanoTime() - start);
    double growth = Math.min(MOST_GROWTH, (double) GOAL / nanos);
    long next = (long) (bytes * growth) / least * least;
    bytes = Math.max(least, Math.min(most, next));
  }
}

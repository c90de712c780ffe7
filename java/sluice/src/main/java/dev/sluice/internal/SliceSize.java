package dev.sluice.internal;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes the next native call of a copy or a transfer gets: as many as take a given time at
 * the speed of the last one. An interrupt or a close is seen between two calls only where a call
 * does not sleep, and storage differs by a factor of a thousand.
 */
final class SliceSize {
  /** The first slice between files: on storage of 10 MB/s it takes 100 ms. */
  static final long FIRST_OF_DATA = 1L << 20;

  /** The first slice between a file and a stream, of whose bytes fewer come from storage. */
  static final long FIRST_OF_STREAM = 4L << 20;

  private static final long GOAL_OF_COPIES = TimeUnit.MILLISECONDS.toNanos(8);

  /** At the speed of memory 2 or 3 MiB, which take 100 ms where the kernel throttles to 25 MB/s. */
  private static final long GOAL_OF_FILES = TimeUnit.MICROSECONDS.toNanos(500);

  /** A call that waits for a peer, which a signal ends, takes long as well. */
  private static final long GOAL_OF_STREAMS = TimeUnit.MILLISECONDS.toNanos(40);

  private static final double MOST_GROWTH = 16;

  private final long least;
  private final long most;
  private final long goal;
  private long bytes;
  private long start;

  private SliceSize(long least, long first, long most, long goal) {
    this.least = least;
    this.bytes = first;
    this.most = most;
    this.goal = goal;
  }

  /** For bytes that are copied: 16 MiB take 3 to 8 ms in memory, and much longer on a disk. */
  static SliceSize ofData() {
    return new SliceSize(64L << 10, FIRST_OF_DATA, 16L << 20, GOAL_OF_COPIES);
  }

  /** For a transfer between files: extents that are shared take a fraction of the time. */
  static SliceSize ofFiles() {
    return new SliceSize(FIRST_OF_DATA, FIRST_OF_DATA, 16L << 20, GOAL_OF_FILES);
  }

  /**
   * For a transfer with a stream: at most 16 MiB, which take 3 to 8 ms where nothing is waited for.
   */
  static SliceSize ofStream() {
    return new SliceSize(64L << 10, FIRST_OF_STREAM, 16L << 20, GOAL_OF_STREAMS);
  }

  /**
   * For extents that are shared: what takes time is their number, and the bytes that are not yet
   * written back. A multiple of every block size: a range that is not aligned cannot be shared.
   */
  static SliceSize ofExtents() {
    return new SliceSize(1L << 20, 16L << 20, 1L << 40, GOAL_OF_COPIES);
  }

  /** The bytes of the call that begins now. */
  long begin() {
    start = System.nanoTime();
    return bytes;
  }

  /** The call is over. */
  void end() {
    long nanos = Math.max(1, System.nanoTime() - start);
    double growth = Math.min(MOST_GROWTH, (double) goal / nanos);
    long next = (long) (bytes * growth) / least * least;
    bytes = Math.max(least, Math.min(most, next));
  }
}

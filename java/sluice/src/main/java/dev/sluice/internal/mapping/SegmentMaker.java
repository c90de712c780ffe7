package dev.sluice.internal.mapping;

/** Makes memory segments, whose types a JDK below 22 does not have. */
public interface SegmentMaker {
  /** An arena that threads share. */
  Object open();

  /**
   * A segment that lives as long as an arena.
   *
   * @param keeps what is run at its end, and keeps the memory mapped by being reachable until then
   */
  Object segment(Object arena, long address, long size, boolean isReadOnly, Runnable keeps);

  /**
   * Closes an arena, and waits until nobody is within an access.
   *
   * @throws IllegalStateException if a system call uses its memory
   */
  void close(Object arena);
}

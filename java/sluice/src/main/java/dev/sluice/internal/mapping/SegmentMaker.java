package dev.sluice.internal.mapping;

/** Makes memory segments, whose types a JDK below 22 does not have. */
public interface SegmentMaker {
  /** Opens an arena that threads share. */
  Object open();

  /**
   * Makes a segment that lives as long as its arena.
   *
   * @param keeps run when the segment ends; until then the segment keeps this object reachable, and
   *     thereby the memory mapped
   */
  Object segment(Object arena, long address, long size, boolean isReadOnly, Runnable keeps);

  /**
   * Closes an arena, and waits until no thread is within an access.
   *
   * @throws IllegalStateException if a system call uses its memory
   */
  void close(Object arena);
}

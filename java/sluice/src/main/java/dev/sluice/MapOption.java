package dev.sluice;

/**
 * How a {@link MappedRegion} is made.
 *
 * @since 0.1.0
 */
public enum MapOption {
  /** All pages are read in now, so that no access waits for the device ({@code MAP_POPULATE}). */
  POPULATE,

  /** All pages are read in now and stay in memory, as by {@link MappedRegion#lock}. */
  LOCKED,

  /**
   * Large pages are wanted ({@code MADV_HUGEPAGE}). The file system must have them: tmpfs with
   * {@code huge=advise}, some other file systems for read-only files.
   */
  HUGE_PAGES,

  /** No swap space is set aside for writes to a private mapping ({@code MAP_NORESERVE}). */
  NO_RESERVE,

  /**
   * A write is durable once the processor's caches are flushed, without {@code msync(2)} ({@code
   * MAP_SYNC}), on a file system with DAX over persistent memory. On any other file system the
   * mapping is refused with {@code EOPNOTSUPP}. Not for {@code PRIVATE}. The JDK has this as {@code
   * jdk.nio.mapmode.ExtendedMapMode}.
   */
  SYNC,

  /**
   * Blocks are set aside for the part of the file before it is mapped ({@code fallocate(2)}), so
   * that a full disk is an exception now and not an {@link InternalError} at some later write. For
   * {@code READ_WRITE}; it has no meaning for the other modes.
   */
  ALLOCATE
}

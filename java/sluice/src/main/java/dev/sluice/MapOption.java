package dev.sluice;

/**
 * How a {@link MappedRegion} is made.
 *
 * @since 0.1.0
 */
public enum MapOption {
  /**
   * The kernel reads all pages in now, so that no access waits for the device ({@code
   * MAP_POPULATE}).
   */
  POPULATE,

  /**
   * The kernel reads all pages in now and keeps them in memory, as by {@link MappedRegion#lock}.
   */
  LOCKED,

  /**
   * The kernel is to use huge pages ({@code MADV_HUGEPAGE}). The file system must support them:
   * tmpfs does with {@code huge=advise}, and some other file systems do for read-only files.
   */
  HUGE_PAGES,

  /**
   * The kernel sets no swap space aside for writes to a private mapping ({@code MAP_NORESERVE}).
   */
  NO_RESERVE,

  /**
   * A write is durable once the processor's caches are flushed, without {@code msync(2)} ({@code
   * MAP_SYNC}), on a file system with DAX over persistent memory. On any other file system the
   * mapping is refused with {@code EOPNOTSUPP}. The option cannot be combined with {@code PRIVATE}.
   * The JDK has this as {@code jdk.nio.mapmode.ExtendedMapMode}.
   */
  SYNC,

  /**
   * The file system allocates blocks for the part of the file before it is mapped ({@code
   * fallocate(2)}). A full disk is then an exception now, and not an {@link InternalError} at a
   * later write. The option is for {@code READ_WRITE}, and has no effect in the other modes.
   */
  ALLOCATE
}

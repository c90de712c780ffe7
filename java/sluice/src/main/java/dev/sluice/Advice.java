package dev.sluice;

/**
 * How the pages of a {@link MappedRegion} will be used, or what the kernel is to do with them:
 * {@code madvise(2)}.
 *
 * @since 0.1.0
 */
public enum Advice {
  /** No special use is expected. */
  NORMAL,

  /** The pages are read from the first to the last: the kernel reads far ahead. */
  SEQUENTIAL,

  /** The pages are read in any order: the kernel reads nothing ahead. */
  RANDOM,

  /** The pages are needed soon: the kernel begins to read them. */
  WILL_NEED,

  /**
   * The pages are not needed soon, and the kernel gives them up. Writes to a shared mapping stay in
   * the file; writes to a private mapping are lost.
   */
  DONT_NEED,

  /** The kernel is to use huge pages. */
  HUGE_PAGE,

  /** The kernel is not to use huge pages. */
  NO_HUGE_PAGE,

  /** The pages are not needed soon, and the kernel may reclaim them before others (Linux 5.4). */
  COLD,

  /** The kernel reclaims the pages now (Linux 5.4). */
  PAGE_OUT,

  /** The kernel reads the pages in now, for reading (Linux 5.14). */
  POPULATE_READ,

  /** The kernel reads the pages in now, for writing (Linux 5.14). */
  POPULATE_WRITE
}

package dev.sluice;

/**
 * How the pages of a {@link MappedRegion} will be used, or what is done with them: {@code
 * madvise(2)}.
 *
 * @since 0.1.0
 */
public enum Advice {
  /** Nothing special. */
  NORMAL,

  /** They are read from the first to the last: the kernel reads far ahead. */
  SEQUENTIAL,

  /** They are read here and there: the kernel reads nothing ahead. */
  RANDOM,

  /** They are needed soon: the kernel begins to read them. */
  WILL_NEED,

  /**
   * They are not needed soon, and are given up. Writes to a shared mapping stay in the file; writes
   * to a private mapping are lost.
   */
  DONT_NEED,

  /** Large pages are wanted. */
  HUGE_PAGE,

  /** Large pages are not wanted. */
  NO_HUGE_PAGE,

  /** They are not needed soon, and may be the first to go (Linux 5.4). */
  COLD,

  /** They are reclaimed now (Linux 5.4). */
  PAGE_OUT,

  /** They are read in now, for reading (Linux 5.14). */
  POPULATE_READ,

  /** They are read in now, for writing (Linux 5.14). */
  POPULATE_WRITE
}

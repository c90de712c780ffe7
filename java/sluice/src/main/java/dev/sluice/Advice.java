package dev.sluice;

/** What is to be expected, or done, of the pages of a {@link MappedRegion}: {@code madvise(2)}. */
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
   * They are not needed soon, and are given up. What was written to a shared mapping stays in the
   * file; what was written to a private one is lost.
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

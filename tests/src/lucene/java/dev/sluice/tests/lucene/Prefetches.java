package dev.sluice.tests.lucene;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;

/**
 * Has the kernel read parts of a file ahead. The longer a row of parts that were in memory already,
 * the fewer are looked at: a look is a system call, and Lucene asks before most of its reads.
 */
final class Prefetches {
  /** The length of that row, from all inputs of the file; a race loses a count. */
  private int loaded;

  void prefetch(MappedRegion region, long offset, long count) {
    int before = loaded++;
    if ((before & before - 1) != 0) {
      return;
    }
    MappedRegion part = region.slice(offset, count);
    if (!part.isLoaded()) {
      loaded = 0;
      part.advise(Advice.WILL_NEED);
    }
  }
}

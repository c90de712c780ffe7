package dev.sluice;

import dev.sluice.internal.mapping.RegionPart;

/** What of {@link MappedRegion} depends on the JDK: below 22 there are no memory segments. */
abstract class SegmentRegion {
  /** What is mapped. */
  abstract RegionPart region();
}

package dev.sluice;

import dev.sluice.internal.mapping.RegionPart;

/**
 * The part of {@link MappedRegion} that depends on the JDK. Below JDK 22 there are no memory
 * segments.
 */
abstract class SegmentRegion {
  /** The region or slice that the methods work on. */
  abstract RegionPart region();
}

package dev.sluice.tests.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What all scenarios of one child JVM have in common: which system calls are bent, and whether the
 * JDK's internals are used. The lowest bits of a seed tell it, so that a seed alone repeats a case.
 */
record ChildSetup(boolean isBent, boolean internals) {
  static final int NUMBER = 4;

  /** The distance between the seeds of two scenarios that follow each other in one child. */
  static final long STEP = 0x9E37_79B9_7F4A_7C14L;

  static ChildSetup of(long seed) {
    return new ChildSetup((seed & 1) != 0, (seed & 2) == 0);
  }

  /** A seed of this family: the nearest to {@code seed}. */
  static long seed(long seed, int family) {
    return seed & -NUMBER | family;
  }

  /** The setting of the preloaded library, or an empty string. */
  String settings(long seed) {
    return isBent
        ? "seed=" + (seed >>> 2) + ",short=250,eintr=60,eagain=60,delay=20,refuse=60,signal=60"
        : "";
  }

  List<String> options() {
    List<String> options = new ArrayList<>();
    if (!internals) {
      options.add("-Ddev.sluice.internals=off");
    }
    return options;
  }

  @Override
  public String toString() {
    return (isBent ? "bent calls" : "calls as they are")
        + (internals ? "" : ", without the internals");
  }
}

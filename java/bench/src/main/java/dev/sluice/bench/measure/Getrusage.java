package dev.sluice.bench.measure;

/** The native of {@link Usage}, which a record cannot have. */
final class Getrusage {
  private Getrusage() {}

  /** Fills the array in the order of {@link Usage}'s components. */
  static native void threadUsage0(long[] usage);
}

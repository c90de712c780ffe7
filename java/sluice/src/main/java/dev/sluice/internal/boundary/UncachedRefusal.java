package dev.sluice.internal.boundary;

/** Where no transfer can keep a file out of the page cache. */
public final class UncachedRefusal {
  private static final String WHERE =
      "the page cache is passed where a file lies on a device, and Linux has RWF_DONTCACHE (6.14)"
          + " or tells what is cached of this file, as it does to the file's owner: leave the"
          + " option out";

  private UncachedRefusal() {}

  /** Whether a native call was refused for that reason, before a byte had moved. */
  public static boolean isRefused(long answer) {
    return Progress.ending(answer) == Progress.FAILED && isErrno(Progress.errno(answer));
  }

  /** Whether the errno of a call that has moved nothing says so. */
  public static boolean isErrno(int errno) {
    return errno == Errno.EOPNOTSUPP.number;
  }

  /** The exception for the caller. */
  public static UnsupportedOperationException exception() {
    return new UnsupportedOperationException("EOPNOTSUPP (" + WHERE + ")");
  }
}

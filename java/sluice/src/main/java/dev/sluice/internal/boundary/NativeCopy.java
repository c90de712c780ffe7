package dev.sluice.internal.boundary;

/** Natives of a copy from one file to another. */
public final class NativeCopy {
  private NativeCopy() {}

  /**
   * Makes a copy from one file to another that has not begun.
   *
   * @param source the source's descriptor
   * @param target the target's descriptor
   * @param holes what becomes of holes
   * @param sharing whether extents are shared
   * @return its address, for {@link #share}, {@link #advance} and {@link #freeCopy}, or an error
   *     for {@code CopyFailure}
   */
  public static long newCopy(int source, int target, int holes, int sharing) {
    return Answer.checked(newCopy0(source, target, holes, sharing));
  }

  /** Frees a copy. */
  public static void freeCopy(long copy) {
    Answer.checked(freeCopy0(copy));
  }

  /**
   * Shares further bytes for some milliseconds: 1 when no more can be, 0 when there may be more, or
   * an error for {@code CopyFailure}.
   */
  public static long share(long copy) {
    return Answer.checked(share0(copy));
  }

  /**
   * Copies further data for some milliseconds: 1 when the copy is complete, 0 when it is not, or an
   * error for {@code CopyFailure}.
   */
  public static long advance(long copy) {
    return Answer.checked(advance0(copy));
  }

  /** Copies a file's attributes, with these times in nanoseconds: 0, or an error. */
  public static long copyAttributes(
      int source, int target, long accessed, long modified, int ownMode) {
    return Answer.checked(copyAttributes0(source, target, accessed, modified, ownMode));
  }

  private static native long newCopy0(int source, int target, int holes, int sharing);

  private static native long freeCopy0(long copy);

  private static native long share0(long copy);

  private static native long advance0(long copy);

  private static native long copyAttributes0(
      int source, int target, long accessed, long modified, int ownMode);
}

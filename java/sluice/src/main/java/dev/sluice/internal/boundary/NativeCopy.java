package dev.sluice.internal.boundary;

/** Natives that copy one file to another. */
public final class NativeCopy {
  /** For {@link #copyAtOnce}: nothing was done that could be seen. */
  public static final long NOTHING = 0;

  /** For {@link #copyAtOnce}: the copy is complete, or source and target are the same file. */
  public static final long COMPLETE = 1;

  private NativeCopy() {}

  /**
   * Copies a small file by one call, unless the copy is unusual: anything is refused, or fails, or
   * takes long, or there are set-ID bits, or a target that may not be replaced or is a directory.
   *
   * @param source the source's name, as the kernel takes it
   * @param target the target's absolute name
   * @param followsLinks whether a symbolic link is followed; otherwise it is unusual
   * @param replaces whether a target that exists is replaced; otherwise it is unusual
   * @param holes as for {@link #newCopy}
   * @param sharing as for {@link #newCopy}
   * @param leavesCold whether a source that is not in the page cache is unusual
   * @param ledger the address of a {@link Ledger} that gets what was done, or 0
   * @return {@link #NOTHING}, {@link #COMPLETE}, or the address of a copy that has begun to a new
   *     target, for {@link #source}, {@link #target} and all that takes the address of {@link
   *     #newCopy}
   */
  public static long copyAtOnce(
      byte[] source,
      byte[] target,
      boolean followsLinks,
      boolean replaces,
      int holes,
      int sharing,
      boolean leavesCold,
      long ledger) {
    int follows = followsLinks ? 1 : 0;
    int cold = leavesCold ? 1 : 0;
    return Answer.checked(
        copyAtOnce0(source, target, follows, replaces ? 1 : 0, holes, sharing, cold, ledger));
  }

  /**
   * Makes a file without a name that shares all extents of a file.
   *
   * @return its descriptor, which the caller closes, or an error
   */
  public static long snapshot(int fd) {
    return Answer.checked(snapshot0(fd));
  }

  /** The descriptor of a copy's source, which the caller closes. */
  public static int source(long copy) {
    return (int) Answer.checked(descriptor0(copy, 0));
  }

  /** The descriptor of a copy's target, which the caller closes. */
  public static int target(long copy) {
    return (int) Answer.checked(descriptor0(copy, 1));
  }

  /**
   * Makes a copy from one file to another. The copy has not begun.
   *
   * @param source the source's descriptor
   * @param target the target's descriptor
   * @param holes 0 keeps holes, 1 makes holes of zeros, 2 fills holes
   * @param sharing 0 shares extents where possible, 1 always, 2 never
   * @param isUncached whether nothing of the two files stays in the page cache that was not there
   * @return the copy's address, for {@link #share}, {@link #advance} and {@link #freeCopy}, or an
   *     error for {@code CopyFailure}
   */
  public static long newCopy(int source, int target, int holes, int sharing, boolean isUncached) {
    return Answer.checked(newCopy0(source, target, holes, sharing, isUncached ? 1 : 0));
  }

  /**
   * Frees a copy.
   *
   * @param ledger the address of a {@link Ledger} that gets what the copy has done, or 0
   */
  public static void freeCopy(long copy, long ledger) {
    Answer.checked(freeCopy0(copy, ledger));
  }

  /**
   * Shares further extents for some milliseconds.
   *
   * @return 1 if no more can be shared, 0 if there may be more, or an error for {@code CopyFailure}
   */
  public static long share(long copy) {
    return Answer.checked(share0(copy));
  }

  /**
   * Copies further data for some milliseconds.
   *
   * @return 1 if the copy is complete, 0 if it is not, or an error for {@code CopyFailure}
   */
  public static long advance(long copy) {
    return Answer.checked(advance0(copy));
  }

  /** Whether the next turn of a copy would wait for the source's disk. */
  public static boolean isCold(long copy) {
    return Answer.checked(isCold0(copy)) > 0;
  }

  /**
   * Copies a file's attributes.
   *
   * @param accessed the time of the last access, in nanoseconds since 1970
   * @param modified the time of the last change, in nanoseconds since 1970
   * @param ownMode the mode of the target if it cannot get the source's owner
   * @return 0, or an error for {@code CopyFailure}
   */
  public static long copyAttributes(
      int source, int target, long accessed, long modified, int ownMode) {
    return Answer.checked(copyAttributes0(source, target, accessed, modified, ownMode));
  }

  private static native long snapshot0(int fd);

  private static native long copyAtOnce0(
      byte[] source,
      byte[] target,
      int followsLinks,
      int replaces,
      int holes,
      int sharing,
      int leavesCold,
      long ledger);

  private static native long isCold0(long copy);

  private static native long descriptor0(long copy, int isTarget);

  private static native long newCopy0(int source, int target, int holes, int sharing, int uncached);

  private static native long freeCopy0(long copy, long ledger);

  private static native long share0(long copy);

  private static native long advance0(long copy);

  private static native long copyAttributes0(
      int source, int target, long accessed, long modified, int ownMode);
}

package dev.sluice.internal.boundary;

/** How one native call of a transfer ended: what its answer holds, as {@code answer.rs} says. */
public final class Progress {
  /** The count was reached. */
  public static final int COMPLETE = 0;

  /** A channel in non-blocking mode gave or took less than it was asked: it may have no more. */
  public static final int SHORT = 1;

  /** Time is over, or a signal came: the channels are to be looked at. */
  public static final int PAUSED = 2;

  /** The source has no more bytes. */
  public static final int END_OF_FILE = 3;

  /** The source is not ready. */
  public static final int SOURCE_WOULD_BLOCK = 4;

  /** The target is not ready. */
  public static final int TARGET_WOULD_BLOCK = 5;

  /** A socket owes an error to whoever calls next; bytes had been moved before it. */
  public static final int ERROR_PENDING = 6;

  /** A call failed, with {@link #errno}. */
  public static final int FAILED = 7;

  private static final int ERRNO_SHIFT = 48;
  private static final int ENDING_SHIFT = 56;

  /** In place of an answer where no call was made. */
  public static final long NOTHING = (long) PAUSED << ENDING_SHIFT;

  /** In place of an answer where there is nothing to be had of the source. */
  public static final long END = (long) END_OF_FILE << ENDING_SHIFT;

  private static final int SIDE_SHIFT = 59;
  private static final int SOURCE = 1;
  private static final int TARGET = 2;

  private Progress() {}

  /** The bytes that were moved. */
  public static long bytes(long answer) {
    return answer & (1L << ERRNO_SHIFT) - 1;
  }

  /** Why they are not more. */
  public static int ending(long answer) {
    return (int) (answer >>> ENDING_SHIFT) & 7;
  }

  /** The errno of the call that failed, or 0. */
  public static int errno(long answer) {
    return (int) (answer >>> ERRNO_SHIFT) & 0xff;
  }

  /** Whether it was the source that failed. */
  public static boolean isOfSource(long answer) {
    return answer >>> SIDE_SHIFT == SOURCE;
  }

  /** Whether it was the target that failed. */
  public static boolean isOfTarget(long answer) {
    return answer >>> SIDE_SHIFT == TARGET;
  }
}

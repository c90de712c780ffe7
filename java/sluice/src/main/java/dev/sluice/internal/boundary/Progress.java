package dev.sluice.internal.boundary;

/**
 * Reads the answer of one native call of a transfer: the bytes moved, why they are not more, and
 * the errno and the side that failed. {@code progress.rs} of the crate {@code sluice-jni} writes
 * it.
 */
public final class Progress {
  /** The count was reached. */
  public static final int COMPLETE = 0;

  /** A channel in non-blocking mode moved fewer bytes than it was asked for. */
  public static final int SHORT = 1;

  /** The turn is over, or a signal came: the caller looks at both channels. */
  public static final int PAUSED = 2;

  /** The source has no more bytes. */
  public static final int END_OF_FILE = 3;

  /** The source is not ready. */
  public static final int SOURCE_WOULD_BLOCK = 4;

  /** The target is not ready. */
  public static final int TARGET_WOULD_BLOCK = 5;

  /** A socket has an error that its next call gets; bytes had been moved before the error. */
  public static final int ERROR_PENDING = 6;

  /** A call failed, with {@link #errno}. */
  public static final int FAILED = 7;

  private static final int ERRNO_SHIFT = 48;
  private static final int ENDING_SHIFT = 56;

  /** Stands for an answer before the first call. */
  public static final long NOTHING = (long) PAUSED << ENDING_SHIFT;

  /** Stands for an answer where the source is known to have ended. */
  public static final long END = (long) END_OF_FILE << ENDING_SHIFT;

  private static final int SIDE_SHIFT = 59;
  private static final int SOURCE = 1;
  private static final int TARGET = 2;

  private Progress() {}

  /** Stands for an answer where the source failed before the call, for a reason that Java knows. */
  public static long sourceFailed() {
    return (long) SOURCE << SIDE_SHIFT
        | (long) FAILED << ENDING_SHIFT
        | (long) Errno.EIO.number << ERRNO_SHIFT;
  }

  /** The bytes that were moved. */
  public static long bytes(long answer) {
    return answer & (1L << ERRNO_SHIFT) - 1;
  }

  /** The ending: {@link #COMPLETE} and its kin. */
  public static int ending(long answer) {
    return (int) (answer >>> ENDING_SHIFT) & (1 << SIDE_SHIFT - ENDING_SHIFT) - 1;
  }

  /** The errno of the call that failed, or 0. */
  public static int errno(long answer) {
    return (int) (answer >>> ERRNO_SHIFT) & (1 << ENDING_SHIFT - ERRNO_SHIFT) - 1;
  }

  /** Whether the source failed. */
  public static boolean isOfSource(long answer) {
    return answer >>> SIDE_SHIFT == SOURCE;
  }

  /** Whether the target failed. */
  public static boolean isOfTarget(long answer) {
    return answer >>> SIDE_SHIFT == TARGET;
  }
}

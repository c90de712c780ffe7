package dev.sluice.internal.boundary;

/**
 * The answer of a native that may fail in one of several system calls: 0 or more, or {@code -(call
 * << 16 | errno)}.
 */
public final class Answer {
  private static final int CALL_SHIFT = 16;
  private static final int ERRNO_MASK = 0xffff;

  private Answer() {}

  /** The name of the system call that failed, from an answer below 0. */
  public static String call(long answer) {
    return SharedTables.name(SharedTables.SYSTEM_CALL, (int) (-answer >>> CALL_SHIFT));
  }

  /** The errno of the system call that failed, from an answer below 0. */
  public static int errno(long answer) {
    return (int) (-answer & ERRNO_MASK);
  }

  /** The answer of a native whose code panicked. */
  public static final long PANICKED = Long.MIN_VALUE;

  /** Passes an answer on, or throws if it is {@link #PANICKED}. */
  public static long checked(long answer) {
    if (answer == PANICKED) {
      throw new InternalError("Sluice's native code panicked; its message is on standard error");
    }
    return answer;
  }
}

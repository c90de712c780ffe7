package dev.sluice.internal;

/**
 * What a native answers that may fail in one of several system calls: 0 or more, or {@code -(call
 * << 16 | errno)}.
 */
final class Answer {
  private static final int CALL_SHIFT = 16;
  private static final int ERRNO_MASK = 0xffff;

  private Answer() {}

  /** The name of the system call that failed, of an answer below 0. */
  static String call(long answer) {
    return SystemCall.name((int) (-answer >>> CALL_SHIFT));
  }

  /** The number of its errno. */
  static int errno(long answer) {
    return (int) (-answer & ERRNO_MASK);
  }
}

package dev.sluice.bench.terminal;

/** Whether a person looks at what is printed. */
public final class Terminal {
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  /**
   * Whether standard error is a terminal: from JDK 22 on, {@code System.console()} does not tell.
   */
  public static boolean isStandardError() {
    return isTerminal0(STANDARD_ERROR);
  }

  private static native boolean isTerminal0(int descriptor);
}

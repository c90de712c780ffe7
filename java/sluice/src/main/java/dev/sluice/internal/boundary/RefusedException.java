package dev.sluice.internal.boundary;

import java.io.IOException;

/** Thrown if an exact mechanism cannot serve a transfer and has not moved a byte. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final String errno;

  /**
   * Makes an exception.
   *
   * @param step the system call or the step that was refused
   * @param errno the symbol of the errno
   * @param why the reason and the advice, for the message
   */
  public RefusedException(String step, String errno, String why) {
    super(step + ": " + errno + " (" + why + ")");
    this.errno = errno;
  }

  /** The exception for a system call that was refused. */
  public static RefusedException by(int call, int errno) {
    String symbol = Errno.name(errno);
    return new RefusedException(
        SharedTables.name(SharedTables.SYSTEM_CALL, call),
        symbol,
        RefusalAdvice.on(call, symbol) + "; or use Mechanism.AUTO");
  }

  /** The symbol of the errno. */
  public String errno() {
    return errno;
  }
}

package dev.sluice;

import java.io.IOException;

/**
 * An exact {@link Mechanism} cannot serve a transfer, or a copy with {@link Reflink#ALWAYS} cannot
 * share extents. Nothing was moved.
 *
 * <p>The message names the step that was refused, its errno, and what can be done. {@link
 * Mechanism#AUTO} never throws this exception: it goes on with the next mechanism.
 *
 * @since 0.1.0
 */
public class UnsupportedMechanismException extends IOException {
  private static final long serialVersionUID = 1;

  /** The mechanism that was asked for. */
  private final Mechanism mechanism;

  /** The symbol of the errno. */
  private final String errno;

  UnsupportedMechanismException(Mechanism mechanism, String errno, String why) {
    super(mechanism + ": " + why);
    this.mechanism = mechanism;
    this.errno = errno;
  }

  /**
   * The mechanism that was asked for.
   *
   * @return the mechanism
   */
  public Mechanism mechanism() {
    return mechanism;
  }

  /**
   * The errno of the step that was refused. Where no system call was made, it is the errno that
   * fits: {@code EBADF} for a channel without a descriptor, {@code EOPNOTSUPP} for datagrams,
   * {@code ENOSYS} without the native library.
   *
   * @return its symbol, such as {@code EINVAL}
   */
  public String errno() {
    return errno;
  }
}

package dev.sluice;

import java.io.IOException;

/**
 * Bytes were taken from a source that cannot be read twice, a socket or a pipe, and the target did
 * not take them. They are lost.
 *
 * <p>It is always suppressed in the exception of the reason ({@link Throwable#getSuppressed}): a
 * close, an interrupt, or what the kernel said of the target. What was taken from the source is
 * {@link #transferred} and {@link #stranded} together. The JDK's own methods drop such bytes
 * without a word.
 */
public final class StrandedBytesException extends IOException {
  private static final long serialVersionUID = 1;

  /** The bytes that reached the target. */
  private final long transferred;

  /** The bytes that left the source and did not. */
  private final long stranded;

  /**
   * An exception for its reason to carry.
   *
   * @param transferred the bytes that reached the target
   * @param stranded the bytes that left the source and did not
   */
  public StrandedBytesException(long transferred, long stranded) {
    super(
        transferred
            + " bytes reached the target, "
            + stranded
            + " more were taken from the source and are lost");
    this.transferred = transferred;
    this.stranded = stranded;
  }

  /**
   * The bytes that reached the target.
   *
   * @return how many, possibly 0
   */
  public long transferred() {
    return transferred;
  }

  /**
   * The bytes that left the source and did not reach the target.
   *
   * @return how many, above 0
   */
  public long stranded() {
    return stranded;
  }
}

package dev.sluice;

import java.io.IOException;

/**
 * Bytes were taken from a source that cannot be read twice, a socket or a pipe, and the target did
 * not take them. They are lost.
 *
 * <p>This exception is always suppressed in the exception of the reason ({@link
 * Throwable#getSuppressed}): a close, an interrupt, or the kernel's error of the target. The bytes
 * taken from the source are {@link #transferred} and {@link #stranded} together. The JDK's own
 * methods drop such bytes without a word.
 *
 * <pre>{@code
 * try {
 *   Sluice.transferFrom(file, socket, 0, count);
 * } catch (IOException e) {
 *   for (Throwable suppressed : e.getSuppressed()) {
 *     if (suppressed instanceof StrandedBytesException stranded) {
 *       log.println(stranded.stranded() + " bytes are lost");
 *     }
 *   }
 *   throw e;
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class StrandedBytesException extends IOException {
  private static final long serialVersionUID = 1;

  /** The bytes that reached the target. */
  private final long transferred;

  /** The bytes that left the source and did not reach the target. */
  private final long stranded;

  /**
   * Makes the exception, which the exception of the reason then carries as suppressed.
   *
   * @param transferred the bytes that reached the target
   * @param stranded the bytes that left the source and did not reach the target
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

package dev.sluice;

/**
 * Ends transfers from another thread, and leaves their channels open. One cancellation may be an
 * option of many transfers, one after the other or at the same time: all of them end, and those
 * that begin later move nothing.
 *
 * <pre>{@code
 * Cancellation cancellation = new Cancellation();
 * executor.submit(() -> Sluice.transferTo(file, 0, size, socket, cancellation));
 * cancellation.cancel();
 * }</pre>
 *
 * <p>The JDK's transfers end by a close of a channel, or by an interrupt, which closes both.
 *
 * @since 0.1.0
 */
public final class Cancellation implements TransferOption {
  private volatile boolean isCancelled;

  /** Makes a cancellation, which has not happened yet. */
  public Cancellation() {}

  /**
   * Cancels: each transfer that has this option ends within 100 ms, with the exact count. It has no
   * effect on a transfer that has ended, and none when it is called again.
   */
  public void cancel() {
    isCancelled = true;
  }

  /**
   * Returns whether {@link #cancel} was called.
   *
   * @return true if it was
   */
  public boolean isCancelled() {
    return isCancelled;
  }
}

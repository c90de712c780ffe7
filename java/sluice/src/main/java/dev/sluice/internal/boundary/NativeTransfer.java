package dev.sluice.internal.boundary;

/**
 * The native that moves bytes between two descriptors. It takes primitives and answers one {@code
 * long}, which {@link Progress} reads.
 */
public final class NativeTransfer {
  /** The position that stands for the descriptor's own offset. */
  public static final long OWN_OFFSET = -1;

  private NativeTransfer() {}

  /**
   * Moves bytes between two descriptors, for one turn of some milliseconds.
   *
   * @param mechanism the mechanism's number
   * @param shape the kind of the source, the kind of the target shifted left by 4, and any of
   *     {@link TransferShape#AT_ONCE}, {@link TransferShape#NEXT}, {@link TransferShape#POLLED},
   *     {@link TransferShape#LINGERING}, {@link TransferShape#HAS_MOVED}, {@link
   *     TransferShape#SHARED_SOURCE}, {@link TransferShape#UNCACHED}, {@link
   *     TransferShape#WARM_ONLY}
   * @param source the source's descriptor
   * @param sourcePosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param target the target's descriptor
   * @param targetPosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param count the bytes that are left of the transfer
   * @param ledger the address of a {@link Ledger} to add to, or 0 if the source can be read twice
   * @return for {@link Progress}; never {@link Answer#PANICKED}
   */
  public static long transfer(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long ledger) {
    return Answer.checked(
        transfer0(mechanism, shape, source, sourcePosition, target, targetPosition, count, ledger));
  }

  /**
   * Sends bytes of Sluice's own memory to a stream socket, for one turn.
   *
   * @param address the address of the first byte
   * @param length in bytes
   * @param hasMore whether more bytes follow at once, so that a segment need not go out before it
   *     is full
   * @param shape as in {@link #transfer}
   * @param target the socket's descriptor
   * @return for {@link Progress}
   */
  public static long send(long address, int length, boolean hasMore, int shape, int target) {
    return Answer.checked(send0(address, length, hasMore ? 1 : 0, shape, target));
  }

  /**
   * Frees the bytes in flight that a ledger holds. These bytes are lost.
   *
   * @return how many bytes they are
   */
  public static long freeInFlight(long inFlight) {
    return Answer.checked(freeInFlight0(inFlight));
  }

  /**
   * Tries whether a receiver is given the pages of a file that a mechanism sends to a socket. It
   * takes 100 ms at most.
   *
   * @return a number of the table {@code page-sharing}
   */
  public static int pageSharing(int mechanism) {
    return (int) Answer.checked(pageSharing0(mechanism));
  }

  private static native long pageSharing0(int mechanism);

  private static native long transfer0(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long ledger);

  private static native long send0(long address, int length, int more, int shape, int target);

  private static native long freeInFlight0(long inFlight);
}

package dev.sluice.internal.boundary;

/**
 * The native that moves bytes between two descriptors: primitives in, one {@code long} out, which
 * {@link Progress} reads.
 */
public final class NativeTransfer {
  /** A position that stands for the descriptor's own offset. */
  public static final long OWN_OFFSET = -1;

  private NativeTransfer() {}

  /**
   * Moves bytes between two descriptors, for one turn of some milliseconds.
   *
   * @param mechanism the mechanism's number
   * @param shape kind of the source, kind of the target shifted left by 4, {@link
   *     TransferShape#AT_ONCE}, {@link TransferShape#NEXT}, {@link TransferShape#POLLED}, {@link
   *     TransferShape#HAS_MOVED}, {@link TransferShape#SHARED_SOURCE}
   * @param source the source's descriptor
   * @param sourcePosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param target the target's descriptor
   * @param targetPosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param count the bytes that are left of the transfer
   * @param ledger the address of a {@link Ledger} to add to, or 0 where the source can be read
   *     twice
   * @return for {@link Progress}; never {@link #PANICKED}
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

  /** Frees what a tally holds of bytes on their way: how many they are. They are lost. */
  public static long freeInFlight(long relay) {
    return Answer.checked(freeInFlight0(relay));
  }

  private static native long transfer0(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long ledger);

  private static native long freeInFlight0(long relay);
}

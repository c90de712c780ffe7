package dev.sluice.internal.boundary;

/** What the {@code shape} of a transfer says: the kinds of both ends, and how it waits. */
public final class TransferShape {
  /** The call returns after the first short system call. */
  public static final int AT_ONCE = 0x100;

  /** The streams are non-blocking underneath, and the caller waits for them. */
  public static final int POLLED = 0x400;

  /** With {@link #POLLED}: the call may wait for a full target for a moment. */
  public static final int LINGERING = 0x2000;

  /** The call is not the first of its transfer. */
  public static final int NEXT = 0x200;

  /** Earlier calls of the transfer have moved bytes. */
  public static final int HAS_MOVED = 0x800;

  /** Other threads may read from the source between two system calls. */
  public static final int SHARED_SOURCE = 0x1000;

  /** Files leave no page in the page cache that was not there before. */
  public static final int UNCACHED = 0x4000;

  /** Only bytes that are in the page cache are moved; a file whose first are not would block. */
  public static final int WARM_ONLY = 0x8000;

  /** How many bits a kind of end has. */
  private static final int KIND_BITS = 4;

  private TransferShape() {}

  /** The kinds of both ends. */
  public static int of(int sourceKind, int targetKind) {
    return sourceKind | targetKind << KIND_BITS;
  }
}

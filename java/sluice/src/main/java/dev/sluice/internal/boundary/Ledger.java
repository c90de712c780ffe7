package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * Memory that the native code writes and Java reads, for one transfer: the steps of each mechanism,
 * and the bytes in flight between two calls. Bytes are in flight when they have left a source that
 * cannot be read twice and the target has not taken them yet. A copy has one where somebody asks
 * what it did. The crate {@code sluice-jni} tells the layout, see {@link SharedTables}.
 */
public final class Ledger {
  private static final Pool<Ledger> POOL = new Pool<>(new Maker());

  private static final int STEP = SharedTables.number("step", "size");
  private static final int BYTES = SharedTables.number("step", "bytes");
  private static final int CALLS = SharedTables.number("step", "calls");
  private static final int REFUSED_ERRNO = SharedTables.number("step", "refused_errno");
  private static final int REFUSED_CALL = SharedTables.number("step", "refused_call");
  private static final int STRANDED = SharedTables.number("ledger", "STRANDED");
  private static final int IN_FLIGHT = SharedTables.number("ledger", "IN_FLIGHT");
  private static final int COPIED = SharedTables.number("ledger", "COPIED");
  private static final int SIZE = SharedTables.number("ledger", "SIZE");

  private final ByteBuffer memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

  /** The address to hand to the native code. */
  public final long address = NativeMemory.address(memory);

  private Ledger() {}

  /** A lambda would take longer to make, when the library is loaded. */
  private static final class Maker implements Supplier<Ledger> {
    @Override
    public Ledger get() {
      return new Ledger();
    }
  }

  /** Reads the layout, when this class is initialised for it. */
  static void ensureLaidOut() {}

  /** Lends an empty ledger, which the caller gives back with {@link #release}. */
  public static Ledger take() {
    Ledger ledger = POOL.take();
    for (int at = 0; at < SIZE; at += 8) {
      ledger.memory.putLong(at, 0);
    }
    return ledger;
  }

  /** Gives the ledger back for another transfer. */
  public void release() {
    POOL.give(this);
  }

  /** The bytes that a mechanism moved. */
  public long bytes(int mechanism) {
    return memory.getLong(mechanism * STEP + BYTES);
  }

  /** The number of system calls that a mechanism made. */
  public long calls(int mechanism) {
    return memory.getLong(mechanism * STEP + CALLS);
  }

  /** The errno of a mechanism's last refusal, or 0. */
  public int refusedErrno(int mechanism) {
    return memory.getInt(mechanism * STEP + REFUSED_ERRNO);
  }

  /** The number of the system call that was refused, or 0. */
  public int refusedCall(int mechanism) {
    return memory.getInt(mechanism * STEP + REFUSED_CALL);
  }

  /** The bytes that a complete copy has, holes included. */
  public long copied() {
    return memory.getLong(COPIED);
  }

  /** Whether the next call of the transfer needs what the last one has left. */
  public boolean isNeeded() {
    return memory.getLong(IN_FLIGHT) != 0;
  }

  /**
   * Ends the transfer: frees the bytes in flight, which are lost.
   *
   * @return how many bytes were taken from the source and did not reach the target; the caller has
   *     to tell a number above 0
   */
  public long strand() {
    long inFlight = memory.getLong(IN_FLIGHT);
    if (inFlight != 0) {
      memory.putLong(IN_FLIGHT, 0);
      memory.putLong(STRANDED, memory.getLong(STRANDED) + NativeTransfer.freeInFlight(inFlight));
    }
    return memory.getLong(STRANDED);
  }
}

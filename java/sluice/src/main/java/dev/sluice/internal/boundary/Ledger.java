package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the native code keeps of one transfer between its calls: what happened, mechanism by
 * mechanism, and the bytes that have left a source which cannot be read twice and that the target
 * has not taken yet. The layout is that of {@code Ledger} in the crate {@code sluice-jni}, which
 * tells it.
 */
public final class Ledger {
  private static final Pool<Ledger> POOL = new Pool<>(Ledger::new);

  private static final int STEP = SharedTables.number("step", "size");
  private static final int BYTES = SharedTables.number("step", "bytes");
  private static final int CALLS = SharedTables.number("step", "calls");
  private static final int REFUSED_ERRNO = SharedTables.number("step", "refused_errno");
  private static final int REFUSED_CALL = SharedTables.number("step", "refused_call");
  private static final int STRANDED = SharedTables.number("ledger", "STRANDED");
  private static final int IN_FLIGHT = SharedTables.number("ledger", "IN_FLIGHT");
  private static final int SIZE = SharedTables.number("ledger", "SIZE");

  private final ByteBuffer memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

  /** The address to hand to the native code. */
  public final long address = NativeMemory.address(memory);

  private Ledger() {}

  /** An empty tally, to be given back with {@link #release}. */
  public static Ledger take() {
    Ledger ledger = POOL.take();
    for (int at = 0; at < SIZE; at += 8) {
      ledger.memory.putLong(at, 0);
    }
    return ledger;
  }

  public void release() {
    POOL.give(this);
  }

  /** Bytes that a mechanism moved. */
  public long bytes(int mechanism) {
    return memory.getLong(mechanism * STEP + BYTES);
  }

  /** System calls that a mechanism made. */
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

  /**
   * The transfer is over: bytes that were taken from the source and that the target did not take.
   * They are lost, and whoever sees a value above 0 has to say so.
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

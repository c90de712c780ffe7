package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the native code keeps of one transfer between its calls: what happened, mechanism by
 * mechanism, and the bytes that have left a source which cannot be read twice and that the target
 * has not taken yet. The layout is that of {@code Ledger} in the Rust crate.
 */
public final class Ledger {
  private static final Pool<Ledger> POOL = new Pool<>(Ledger::new);

  /** The numbers of mechanisms, of which 0 is the ladder. */
  public static final int MECHANISMS = 8;

  private static final int ENTRY = 24;
  private static final int CALLS = 8;
  private static final int REFUSED_ERRNO = 16;
  private static final int REFUSED_CALL = 20;
  private static final int STRANDED = MECHANISMS * ENTRY;
  private static final int IN_FLIGHT = STRANDED + 8;
  private static final int SIZE = IN_FLIGHT + 8;

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
    return memory.getLong(mechanism * ENTRY);
  }

  /** System calls that a mechanism made. */
  public long calls(int mechanism) {
    return memory.getLong(mechanism * ENTRY + CALLS);
  }

  /** The errno of a mechanism's last refusal, or 0. */
  public int refusedErrno(int mechanism) {
    return memory.getInt(mechanism * ENTRY + REFUSED_ERRNO);
  }

  /** The number of the system call that was refused, or 0. */
  public int refusedCall(int mechanism) {
    return memory.getInt(mechanism * ENTRY + REFUSED_CALL);
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

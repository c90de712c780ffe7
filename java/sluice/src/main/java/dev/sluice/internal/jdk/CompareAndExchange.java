package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeMemory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Compare and exchange at an address in a mapping.
 *
 * <p>HotSpot's own, where the second compiler has made code of it: a page that is not there is an
 * {@link InternalError} then, as of any access. The interpreter's has no guard, and the fault ends
 * the JVM, so that the exchange is made by native code with a guard of its own until then, and
 * always where nobody tells which of the two runs.
 */
public final class CompareAndExchange {
  static {
    if (UnsafeMemory.ADDRESSES) {
      resolve();
    }
  }

  private CompareAndExchange() {}

  /** What was never run the compiler makes no code of. */
  private static void resolve() {
    ByteBuffer own = ByteBuffer.allocateDirect(2 * Long.BYTES);
    long address = NativeMemory.address(own) + Long.BYTES - 1 & -Long.BYTES;
    UnsafeMemory.exchange(address, 0, 0, true);
    UnsafeMemory.exchange(address, 0L, 0L, true);
    Reference.reachabilityFence(own);
  }

  private static int exchange(long address, int expected, int value) {
    return UnsafeMemory.ADDRESSES
        ? UnsafeMemory.exchange(address, expected, value, false)
        : NativeMemory.exchange(address, expected, value);
  }

  private static int exchange(long address, long expected, long value) {
    return UnsafeMemory.ADDRESSES
        ? UnsafeMemory.exchange(address, expected, value, false)
        : NativeMemory.exchange(address, expected, value);
  }

  /** Exchanges four aligned bytes in the machine's own order: whether it is done. */
  public static boolean ints(long address, int expected, int value) {
    return switch (exchange(address, expected, value)) {
      case NativeMemory.OTHER_VALUE -> false;
      case NativeMemory.EXCHANGED -> true;
      case NativeMemory.PAGE_GONE -> throw fault();
      default -> {
        UnguardedExchange.look(address, Integer.BYTES);
        yield UnguardedExchange.compareAndSet(address, expected, value);
      }
    };
  }

  /** The same of eight. */
  public static boolean longs(long address, long expected, long value) {
    return switch (exchange(address, expected, value)) {
      case NativeMemory.OTHER_VALUE -> false;
      case NativeMemory.EXCHANGED -> true;
      case NativeMemory.PAGE_GONE -> throw fault();
      default -> {
        UnguardedExchange.look(address, Long.BYTES);
        yield UnguardedExchange.compareAndSet(address, expected, value);
      }
    };
  }

  private static InternalError fault() {
    return new InternalError(
        "a page of a mapped file is not there: the file was truncated, or its disk is full");
  }
}

package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeMemory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Compare and exchange at an address in a mapping.
 *
 * <p>The exchange runs in one of two ways. Code of HotSpot's second compiler uses HotSpot's own
 * instruction; a page that is gone is an {@link InternalError} there, as after any other access.
 * HotSpot's interpreter has no guard around its exchange, and a fault there ends the JVM. In the
 * interpreter, and wherever the class cannot tell which of the two runs, native code with a guard
 * of its own therefore makes the exchange.
 */
public final class CompareAndExchange {
  static {
    if (UnsafeMemory.ADDRESSES) {
      resolve();
    }
  }

  private CompareAndExchange() {}

  /** Runs each exchange once, because the compiler makes no code of a call that was never run. */
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

  /**
   * Compares and exchanges four aligned bytes in the machine's own byte order.
   *
   * @return whether the expected value was there, and {@code value} is there now
   */
  public static boolean exchangeInt(long address, int expected, int value) {
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

  /**
   * Compares and exchanges eight aligned bytes in the machine's own byte order.
   *
   * @return whether the expected value was there, and {@code value} is there now
   */
  public static boolean exchangeLong(long address, long expected, long value) {
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

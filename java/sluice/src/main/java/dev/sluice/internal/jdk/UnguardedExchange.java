package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The JDK's own exchange, for JVMs in which the native code cannot set up its guard. The reason is
 * one of two: {@code -Xcheck:jni} makes the JVM complain about signal handlers that are not its
 * own, or the native code has no guard for this processor. A file that is truncated between the
 * look and the exchange ends the JVM there. The JDK's own buffers have the same limit.
 */
final class UnguardedExchange {
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private UnguardedExchange() {}

  /** Throws if the page is not there now. */
  static void look(long address, int bytes) {
    NativeMemory.buffer(address, bytes).get(0);
    NativeMemory.returnToJava();
  }

  /** Exchanges four aligned bytes in the machine's own byte order. */
  static boolean compareAndSet(long address, int expected, int value) {
    return INTS.compareAndSet(bytes(address, Integer.BYTES), 0, expected, value);
  }

  /** Exchanges eight aligned bytes in the machine's own byte order. */
  static boolean compareAndSet(long address, long expected, long value) {
    return LONGS.compareAndSet(bytes(address, Long.BYTES), 0, expected, value);
  }

  private static ByteBuffer bytes(long address, int length) {
    return NativeMemory.buffer(address, length);
  }
}

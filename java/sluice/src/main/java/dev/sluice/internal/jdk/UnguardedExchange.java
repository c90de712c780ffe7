package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The JDK's own exchange, where no guard can be had: the JVM was told to complain about handlers of
 * signals that are not its own ({@code -Xcheck:jni}), or the processor is another. A file that is
 * truncated between the look and the exchange ends the JVM there, as the JDK's own buffers do.
 */
final class UnguardedExchange {
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private UnguardedExchange() {}

  /** Throws where the page is not there now. */
  static void look(long address, int bytes) {
    NativeMemory.buffer(address, bytes).get(0);
    NativeMemory.returnToJava();
  }

  static boolean compareAndSet(long address, int expected, int value) {
    return INTS.compareAndSet(bytes(address, Integer.BYTES), 0, expected, value);
  }

  static boolean compareAndSet(long address, long expected, long value) {
    return LONGS.compareAndSet(bytes(address, Long.BYTES), 0, expected, value);
  }

  private static ByteBuffer bytes(long address, int length) {
    return NativeMemory.buffer(address, length);
  }
}

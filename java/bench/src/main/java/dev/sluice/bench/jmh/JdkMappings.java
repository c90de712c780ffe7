package dev.sluice.bench.jmh;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Unmaps what {@code FileChannel.map} made, as Netty and Lucene do: by {@code
 * sun.misc.Unsafe.invokeCleaner}. Nothing keeps the buffer from being used afterwards, which ends
 * the JVM.
 */
final class JdkMappings {
  private static final MethodHandle INVOKE_CLEANER = invokeCleaner();

  private JdkMappings() {}

  private static MethodHandle invokeCleaner() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field only = unsafe.getDeclaredField("theUnsafe");
      only.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(only.get(null));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static void unmap(MappedByteBuffer mapping) throws Throwable {
    INVOKE_CLEANER.invokeExact((ByteBuffer) mapping);
  }
}

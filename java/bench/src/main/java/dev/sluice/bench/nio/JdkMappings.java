package dev.sluice.bench.nio;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The mappings of {@code FileChannel.map} that are not used any more. They go when the collector
 * finds them, and the collector has no reason to run. A process may have 65,530 mappings ({@code
 * vm.max_map_count}). A JVM that needs memory of its own when they are used up ends with an error.
 */
final class JdkMappings {
  private static final long MOST = 20_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final BufferPoolMXBean MAPPED =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("mapped"))
          .findFirst()
          .orElseThrow();

  private JdkMappings() {}

  /** Has the mappings collected if they have become many, and waits until they are gone. */
  static void trim() {
    if (MAPPED.getCount() <= MOST) {
      return;
    }
    System.gc();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (MAPPED.getCount() > MOST / 2 && System.nanoTime() < end) {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }
}

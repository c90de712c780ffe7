package dev.sluice.internal;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A part of a file, mapped, and how many may still use its addresses: the region, and each buffer
 * that it gave away. The addresses go back when none of them is reachable, never earlier: a thread
 * between its look at whether the region is open and its access must not meet somebody else's
 * mapping.
 */
final class Mapping {
  /** Tells when a region, or a buffer that is not the JDK's own kind of mapping, is unreachable. */
  static final Cleaner CLEANER = Cleaner.create();

  /** Past so many bytes of addresses that wait for the collector it is asked to run. */
  private static final long MOST_RETIRED = Long.getLong("dev.sluice.retiredBytes", 1L << 40);

  private static final AtomicLong RETIRED = new AtomicLong();

  final long handle;
  final long address;
  final long size;
  private final AtomicInteger users = new AtomicInteger(1);
  private boolean isRetired;

  Mapping(long handle, long size) {
    this.handle = handle;
    this.size = size;
    address = Native.mappedAddress(handle);
  }

  void retain() {
    users.incrementAndGet();
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      unmap();
    }
  }

  private synchronized void unmap() {
    Native.unmap(handle);
    if (isRetired) {
      RETIRED.addAndGet(-size);
    }
  }

  /**
   * Releases the file, its pages and its locks. Where the kernel has no resources for that, they
   * are released with the addresses.
   */
  void retire() {
    synchronized (this) {
      if (isRetired || Native.retire(handle) < 0) {
        return;
      }
      isRetired = true;
    }
    if (RETIRED.addAndGet(size) > MOST_RETIRED) {
      System.gc();
    }
  }
}

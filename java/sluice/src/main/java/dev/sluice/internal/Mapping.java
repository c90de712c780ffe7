package dev.sluice.internal;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file, mapped. Its addresses go back when nobody can use them any more, never earlier:
 * when neither this object, which a region and its windows hold, nor any buffer over it is
 * reachable. A thread between its look at whether a region is open and its access must not meet
 * somebody else's mapping.
 */
final class Mapping {
  /** Made when it is needed, and again where there was no thread for it. */
  private static @Nullable Cleaner cleaner;

  final long address;
  final long size;
  private final long handle;
  private final Addresses addresses;

  /** Set before the pages go: whoever finds them gone finds it set. */
  private volatile boolean isRetired;

  /**
   * A mapping.
   *
   * @param handle what {@link Native#map} answered
   * @param size its length in bytes
   */
  Mapping(long handle, long size) {
    this.handle = handle;
    this.size = size;
    address = Native.mappedAddress(handle);
    addresses = new Addresses(handle, size);
    boolean isKept = false;
    try {
      cleaner().register(this, addresses);
      isKept = true;
    } finally {
      if (!isKept) {
        addresses.run();
      }
    }
  }

  private static synchronized Cleaner cleaner() {
    Cleaner made = cleaner;
    if (made == null) {
      made = Cleaner.create();
      cleaner = made;
    }
    return made;
  }

  /** What the users of one mapping's addresses share, and none of them by holding another. */
  private static final class Addresses implements Runnable {
    /** Past so many bytes of addresses that wait for the collector it is asked to run. */
    private static final long MOST_RETIRED = Long.getLong("dev.sluice.retiredBytes", 1L << 40);

    private static final AtomicLong RETIRED = new AtomicLong();

    /** Since addresses were last given back. */
    private static final AtomicBoolean WAS_ASKED = new AtomicBoolean();

    private final long handle;
    private final long size;
    private final AtomicInteger users = new AtomicInteger(1);
    private boolean isRetired;

    Addresses(long handle, long size) {
      this.handle = handle;
      this.size = size;
    }

    /** One user fewer. */
    @Override
    public void run() {
      if (users.decrementAndGet() > 0) {
        return;
      }
      Native.unmap(handle);
      if (isRetired()) {
        RETIRED.addAndGet(-size);
        WAS_ASKED.set(false);
      }
    }

    private synchronized boolean isRetired() {
      return isRetired;
    }

    void retire() {
      synchronized (this) {
        if (isRetired || Native.retire(handle) < 0) {
          return;
        }
        isRetired = true;
      }
      if (RETIRED.addAndGet(size) > MOST_RETIRED && WAS_ASKED.compareAndSet(false, true)) {
        System.gc();
      }
    }
  }

  /** One more user of the addresses; the answer, when it runs, is one fewer. */
  Runnable retain() {
    addresses.users.incrementAndGet();
    return addresses;
  }

  /** Lets the addresses of {@code buffer} go when it is unreachable. */
  void keepFor(Object buffer) {
    cleaner().register(buffer, retain());
  }

  /** Whether the file is released, or about to be. */
  boolean isRetired() {
    return isRetired;
  }

  /** From now on {@link #isRetired} is true. */
  void announceRetirement() {
    isRetired = true;
  }

  /**
   * Releases the file, its pages and its locks. Where the kernel has no resources for that, they
   * are released with the addresses.
   */
  void retire() {
    announceRetirement();
    addresses.retire();
  }

  /** Copies bytes to memory of ours: how many, or an error. */
  long read(long offset, long to, long length) {
    try {
      return Native.readMapped(handle, offset, to, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies bytes of memory of ours to here: how many, or an error. */
  long write(long offset, long from, long length) {
    try {
      return Native.writeMapped(handle, offset, from, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes bytes to a side's descriptor, with a tally's address or 0: as transfers. */
  long send(int shape, long offset, long length, int fd, long position, long tally) {
    try {
      return Native.sendMapped(handle, shape, offset, length, fd, position, tally);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Writes what was changed in a part to the device: 0, or an error. */
  long sync(long offset, long length) {
    try {
      return Native.sync(handle, offset, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Advises on a part, by the number of the advice: 0, or an error. */
  long advise(int advice, long offset, long length) {
    try {
      return Native.advise(handle, advice, offset, length);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The bytes in memory, in whole pages, or an error. */
  long resident() {
    try {
      return Native.resident(handle, 0, size);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** 1 where all pages are in memory, else 0, or an error. */
  long isResident() {
    try {
      return Native.isResident(handle, 0, size);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Locks or unlocks all pages: 0, or an error. */
  long lockPages(boolean on) {
    try {
      return Native.lockPages(handle, on);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Moves the pages of {@code other} here, as many as there are here: 0, or an error. */
  long takePages(Mapping other) {
    try {
      return Native.movePages(other.handle, handle);
    } finally {
      Reference.reachabilityFence(other);
      Reference.reachabilityFence(this);
    }
  }
}

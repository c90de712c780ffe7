package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMapping;
import dev.sluice.internal.jdk.Privileged;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one mapping, which its users share. Each user holds this object and no other
 * user. One lock covers both retiring the addresses and giving them back, so that nothing is ever
 * mapped over addresses that were given back.
 */
final class MappingAddresses implements Runnable {
  /**
   * When more bytes of retired addresses than this wait for the collector, the collector is asked
   * to run.
   */
  private static final long MAX_RETIRED_BYTES =
      Privileged.orElse(() -> Long.getLong("dev.sluice.retiredBytes", 1L << 40), 1L << 40);

  /** The bytes of retired addresses that were not given back yet. */
  private static final AtomicLong RETIRED_BYTES = new AtomicLong();

  /** Whether the collector was asked to run since addresses were last given back. */
  private static final AtomicBoolean GC_ASKED_FOR = new AtomicBoolean();

  /** Mappings that the kernel had no room to retire. */
  private static final Set<MappingAddresses> UNRELEASED = ConcurrentHashMap.newKeySet();

  private enum State {
    MAPPED,
    RETIRED,
    GIVEN_BACK
  }

  final long handle;

  /**
   * The lock that accessors hold for each access, and that retiring takes alone, so that no access
   * comes late and faults. Null where a late access finds zeros, or where no accessor reads the
   * mapping.
   */
  final @Nullable StampedLock accesses;

  private final long size;
  private final AtomicInteger users = new AtomicInteger(1);
  private State state = State.MAPPED;
  private final boolean endsInZeros;

  /**
   * The addresses of a mapping, with one user.
   *
   * @param handle what {@link NativeMapping#map} answered
   * @param size the mapping's length in bytes
   * @param endsInZeros whether accesses after the retirement find zeros; if not, they fault
   * @param accesses the lock that accessors hold for each access, or null
   */
  MappingAddresses(long handle, long size, boolean endsInZeros, @Nullable StampedLock accesses) {
    this.handle = handle;
    this.size = size;
    this.endsInZeros = endsInZeros;
    this.accesses = accesses;
  }

  /** Adds a user. The answer removes that user when it is run. */
  Runnable retain() {
    users.incrementAndGet();
    return this;
  }

  /** Removes a user. After the last, the addresses are given back. */
  @Override
  public void run() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    synchronized (this) {
      NativeMapping.unmap(handle);
      if (state == State.RETIRED) {
        RETIRED_BYTES.addAndGet(-size);
        GC_ASKED_FOR.set(false);
      }
      state = State.GIVEN_BACK;
    }
    retryUnreleased();
  }

  /**
   * Releases the mapped pages and keeps the addresses.
   *
   * @return 0, or an error
   */
  long retire() {
    long answer = retireOnce();
    if (answer < 0) {
      UNRELEASED.add(this);
      return answer;
    }
    retryUnreleased();
    if (RETIRED_BYTES.get() > MAX_RETIRED_BYTES && GC_ASKED_FOR.compareAndSet(false, true)) {
      System.gc();
    }
    return 0;
  }

  private long retireOnce() {
    if (accesses == null) {
      return retireNow();
    }
    long stamp = accesses.writeLock();
    try {
      return retireNow();
    } finally {
      accesses.unlockWrite(stamp);
    }
  }

  private synchronized long retireNow() {
    if (state != State.MAPPED) {
      return 0;
    }
    long answer = NativeMapping.retire(handle, endsInZeros);
    if (answer >= 0) {
      state = State.RETIRED;
      RETIRED_BYTES.addAndGet(size);
    }
    return answer;
  }

  /** Tries to retire the mappings that the kernel had no room for, until one fails again. */
  private static void retryUnreleased() {
    if (UNRELEASED.isEmpty()) {
      return;
    }
    for (MappingAddresses each : UNRELEASED) {
      if (each.retireOnce() < 0) {
        return;
      }
      UNRELEASED.remove(each);
    }
  }
}

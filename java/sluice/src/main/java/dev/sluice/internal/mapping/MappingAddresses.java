package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMapping;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * What the users of one mapping's addresses share, and none of them by holding another. They are
 * retired, or given back, under one lock: nothing is ever put over addresses that went back.
 */
final class MappingAddresses implements Runnable {
  /** Past so many bytes of addresses that wait for the collector it is asked to run. */
  private static final long MOST_RETIRED = Long.getLong("dev.sluice.retiredBytes", 1L << 40);

  private static final AtomicLong RETIRED = new AtomicLong();

  /** Since addresses were last given back. */
  private static final AtomicBoolean WAS_ASKED = new AtomicBoolean();

  /** What the kernel had no room to retire. */
  private static final Set<MappingAddresses> UNRELEASED = ConcurrentHashMap.newKeySet();

  private enum State {
    MAPPED,
    RETIRED,
    GIVEN_BACK
  }

  final long handle;

  /** What windows hold for each access where late ones would fault, and nobody while it retires. */
  final @Nullable StampedLock accesses;

  private final long size;
  private final AtomicInteger users = new AtomicInteger(1);
  private State state = State.MAPPED;
  private final boolean endsInZeros;

  /**
   * The addresses of a mapping, with one user.
   *
   * @param handle what {@link NativeMapping#map} answered
   * @param size its length in bytes
   * @param endsInZeros whether late accesses find zeros; else they fault
   * @param accesses what windows hold for each access, or null
   */
  MappingAddresses(long handle, long size, boolean endsInZeros, @Nullable StampedLock accesses) {
    this.handle = handle;
    this.size = size;
    this.endsInZeros = endsInZeros;
    this.accesses = accesses;
  }

  /** One more user; the answer, when it runs, is one fewer. */
  Runnable retain() {
    users.incrementAndGet();
    return this;
  }

  /** One user fewer. */
  @Override
  public void run() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    synchronized (this) {
      NativeMapping.unmap(handle);
      if (state == State.RETIRED) {
        RETIRED.addAndGet(-size);
        WAS_ASKED.set(false);
      }
      state = State.GIVEN_BACK;
    }
    tryAgain();
  }

  /** Releases what is mapped there, and keeps the addresses: 0, or an error. */
  long retire() {
    long answer = retireOnce();
    if (answer < 0) {
      UNRELEASED.add(this);
      return answer;
    }
    tryAgain();
    if (RETIRED.get() > MOST_RETIRED && WAS_ASKED.compareAndSet(false, true)) {
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
      RETIRED.addAndGet(size);
    }
    return answer;
  }

  private static void tryAgain() {
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

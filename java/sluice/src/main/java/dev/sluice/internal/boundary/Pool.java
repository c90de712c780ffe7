package dev.sluice.internal.boundary;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few objects for later use. Threads are spread over the slots, so that two threads seldom
 * meet at one slot. An object that finds its slot taken replaces the object there, which is left to
 * the garbage collector.
 */
public final class Pool<T> {
  private static final int SLOTS = 16;

  private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);
  private final Supplier<T> maker;

  /** A pool that is empty; {@code maker} makes what it lacks. */
  public Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Takes an object that was given back, or makes one. */
  public T take() {
    T kept = slots.getAndSet(slot(), null);
    return kept != null ? kept : maker.get();
  }

  /** Gives an object back. */
  public void give(T object) {
    slots.lazySet(slot(), object);
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() & (SLOTS - 1);
  }
}

package dev.sluice.internal.channel;

import java.util.function.BooleanSupplier;

/**
 * What ends a transfer although both channels stay open: its time is over, no byte has moved for
 * too long, or it was cancelled. The thread of the transfer and the {@link CloseWatcher} ask it.
 */
public final class Limits {
  /** A time that is never over. */
  public static final long WITHOUT_END = Long.MAX_VALUE;

  /** Which limit was met. */
  public enum Met {
    NONE,
    TIMED_OUT,
    CANCELLED
  }

  private final long withinNanos;
  private final long idleNanos;
  private final BooleanSupplier cancelled;
  private final long begun = System.nanoTime();
  private volatile long lastMoved = begun;

  /**
   * Limits of a transfer that begins now.
   *
   * @param withinNanos how long it may take, or {@link #WITHOUT_END}
   * @param idleNanos for how long it may move nothing, or {@link #WITHOUT_END}
   * @param cancelled whether it was cancelled; asked by two threads
   */
  public Limits(long withinNanos, long idleNanos, BooleanSupplier cancelled) {
    this.withinNanos = withinNanos;
    this.idleNanos = idleNanos;
    this.cancelled = cancelled;
  }

  /** Notes that bytes were moved just now. */
  public void moved() {
    lastMoved = System.nanoTime();
  }

  /**
   * Whether the time of the last byte matters, so that no system call may wait after it has moved
   * bytes.
   */
  public boolean areOfIdleness() {
    return idleNanos != WITHOUT_END;
  }

  /** Which limit is met now. */
  public Met met() {
    if (cancelled.getAsBoolean()) {
      return Met.CANCELLED;
    }
    long now = System.nanoTime();
    return now - begun >= withinNanos || now - lastMoved >= idleNanos ? Met.TIMED_OUT : Met.NONE;
  }
}

package dev.sluice.internal.channel;

import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Rethrow;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A native call that waits for a disk, made by a platform thread in the place of a virtual one,
 * whose carrier others use meanwhile. Whatever the call uses stays held until it is over, so that
 * nothing ends the wait for it.
 */
public final class Aside implements Runnable {
  private final LongSupplier call;
  private final Thread waiter = Thread.currentThread();
  private volatile boolean isDone;
  private long answer;
  private @Nullable Throwable thrown;

  private Aside(LongSupplier call) {
    this.call = call;
  }

  /** Has a call made for the current virtual thread, and answers what it answered. */
  public static long call(LongSupplier call) {
    Aside aside = new Aside(call);
    if (WaitingThreads.run(aside)) {
      aside.await();
      return aside.answer();
    }
    return CarrierCompensation.during(call);
  }

  @Override
  public void run() {
    try {
      answer = call.getAsLong();
    } catch (Throwable e) {
      thrown = e;
    }
    isDone = true;
    LockSupport.unpark(waiter);
  }

  private void await() {
    boolean isInterrupted = false;
    while (!isDone) {
      LockSupport.park(this);
      // A thread that is interrupted does not park.
      isInterrupted |= !isDone && Thread.interrupted();
    }
    if (isInterrupted) {
      waiter.interrupt();
    }
  }

  private long answer() {
    if (thrown != null) {
      throw Rethrow.unchecked(thrown);
    }
    return answer;
  }
}

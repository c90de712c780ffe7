package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.Threads;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel that is held by a descriptor, without the JDK's guards. A transfer waits for the
 * descriptor by {@code poll(2)} or by the {@link ReadinessPoller}, and an interrupt hook of its own
 * closes the channel.
 */
abstract class PolledEndpoint extends Endpoint {
  /** What the transfer waits for: {@code POLLIN}, {@code POLLOUT}, or 0 for a file. */
  final int events;

  /** The descriptor while it is held, or -1. */
  int fd = -1;

  private @Nullable InterruptHook hook;

  PolledEndpoint(
      int kind, long position, Channel channel, int events, @Nullable ReentrantLock turn) {
    super(kind, position, channel, turn);
    this.events = events;
  }

  @Override
  public final int enter() {
    return channel.isOpen() ? fd : -1;
  }

  @Override
  public final void leave() {}

  @Override
  public final boolean isSharedWithReaders() {
    return kind != FILE;
  }

  @Override
  public final void await(int millis) {
    if (Threads.isVirtual()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    } else {
      NativeWait.poll(fd, events, millis);
    }
  }

  @Override
  public final void park() {
    if (!ReadinessPoller.park(fd, events)) {
      await(WAIT_MILLIS);
    }
  }

  /** Has an interrupt of the current thread close the channel. */
  final void hook() {
    hook = new InterruptHook(channel);
    hook.start();
  }

  /** Takes the hook away, if there is one. */
  final void unhook(boolean completed) throws AsynchronousCloseException {
    InterruptHook started = hook;
    if (started != null) {
      hook = null;
      started.stop(completed);
    }
  }
}

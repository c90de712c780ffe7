package dev.sluice.internal.channel;

import java.nio.channels.Channel;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each channel, by which transfers use the channel one after the other. Transfers need
 * it for one direction of a channel whose own lock cannot be reached. They also need it for the
 * position of a file: the JDK's own methods wait for the JDK's lock of the position, so that a
 * transfer must not hold that lock. The channel's own reads and writes do not take the lock of this
 * class.
 */
final class PerChannelLocks {
  private final Map<Channel, ReentrantLock> locks =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The lock of a channel. */
  ReentrantLock of(Channel channel) {
    return locks.computeIfAbsent(channel, key -> new ReentrantLock());
  }
}

package dev.sluice.internal.channel;

import java.nio.channels.Channel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each channel, by which transfers use the channel one after the other. Transfers need
 * it for one direction of a channel whose own lock cannot be reached. They also need it for the
 * position of a file: the JDK's own methods wait for the JDK's lock of the position, so that a
 * transfer must not hold that lock. The channel's own reads and writes do not take the lock of this
 * class.
 */
final class PerChannelLocks {
  private final ChannelMap<ReentrantLock> locks = new ChannelMap<>();

  /** The lock of a channel. */
  ReentrantLock of(Channel channel) {
    ReentrantLock known = locks.get(channel);
    if (known != null) {
      return known;
    }
    ReentrantLock made = new ReentrantLock();
    ReentrantLock other = locks.putIfAbsent(channel, made);
    return other == null ? made : other;
  }
}

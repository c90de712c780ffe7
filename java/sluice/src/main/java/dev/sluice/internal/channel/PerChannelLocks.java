package dev.sluice.internal.channel;

import java.nio.channels.Channel;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * In which order transfers use one direction of a channel whose own lock cannot be reached, or the
 * position of a file, whose lock the JDK's own methods wait for: one after the other. The channel's
 * own reads and writes know nothing of it.
 */
final class PerChannelLocks {
  private final Map<Channel, ReentrantLock> locks =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The lock of a channel. */
  ReentrantLock of(Channel channel) {
    return locks.computeIfAbsent(channel, key -> new ReentrantLock());
  }
}

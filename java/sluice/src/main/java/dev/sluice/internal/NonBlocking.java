package dev.sluice.internal;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a blocking channel's descriptor non-blocking while transfers hold it, however many do so at
 * a time: the first sets {@code O_NONBLOCK}, which duplicates share, and the last gives back what
 * was there before. The JDK's own blocking reads and writes poll on {@code EAGAIN}, so that they
 * stay blocking meanwhile.
 */
final class NonBlocking {
  /** {@code O_NONBLOCK} of Linux x86-64 and aarch64. */
  private static final int O_NONBLOCK = 0x800;

  private record Holders(int count, boolean wasBlocking) {}

  private static final ConcurrentHashMap<SelectableChannel, Holders> HELD =
      new ConcurrentHashMap<>();

  private NonBlocking() {}

  static void hold(SelectableChannel channel, int fd) {
    HELD.compute(
        channel,
        (key, holders) -> {
          if (holders != null) {
            return new Holders(holders.count + 1, holders.wasBlocking);
          }
          boolean wasBlocking = (Native.flags(fd) & O_NONBLOCK) == 0;
          if (wasBlocking) {
            Native.setNonBlocking(fd, true);
          }
          return new Holders(1, wasBlocking);
        });
  }

  static void release(SelectableChannel channel, int fd) {
    HELD.computeIfPresent(
        channel,
        (key, holders) -> {
          if (holders.count > 1) {
            return new Holders(holders.count - 1, holders.wasBlocking);
          }
          if (holders.wasBlocking && channel.isBlocking()) {
            Native.setNonBlocking(fd, false);
          }
          return null;
        });
  }
}

package dev.sluice.internal;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a blocking channel's descriptor non-blocking while transfers hold it, however many do so at
 * a time: the first sets {@code O_NONBLOCK}, which duplicates share, and the last gives back what
 * was there before. The JDK's own blocking reads and writes poll on {@code EAGAIN}, so that they
 * stay blocking meanwhile.
 *
 * <p>A JDK with virtual threads sets the flag as well, once and for good, when one of them uses the
 * channel, and relies on it from then on. There the flag stays.
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
          if (holders.wasBlocking && channel.isBlocking() && !isForced(channel)) {
            Native.setNonBlocking(fd, false);
            if (isForced(channel)) {
              // By a virtual thread that came between the look and the call.
              Native.setNonBlocking(fd, true);
            }
          }
          return null;
        });
  }

  /** Whether a virtual thread has used it; one that cannot be asked is taken for such. */
  private static boolean isForced(SelectableChannel channel) {
    int forced = Native.isForcedNonBlocking0(channel);
    return forced < 0 ? Threads.HAS_VIRTUAL : forced != 0;
  }
}

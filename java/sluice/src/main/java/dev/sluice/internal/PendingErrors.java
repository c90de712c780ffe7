package dev.sluice.internal;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Errors of sockets that the kernel has told, which it does once, and that no caller has been told:
 * bytes had been moved before, whose count the caller got. The next call on the channel tells them.
 *
 * <p>The JDK's own next read tells a reset by its flag {@code connectionReset}, which it keeps for
 * its own: without that it would answer the end of the stream, and a download that was cut short
 * would look complete. Its own next write is told {@code EPIPE} by the kernel.
 */
final class PendingErrors {
  private static final Map<Channel, IOException> KEPT =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether there may be any, so that most transfers look at nothing else. */
  private static volatile boolean isAny;

  private PendingErrors() {}

  /** Whether some channel may owe an error. */
  static boolean areAny() {
    return isAny;
  }

  /** Keeps an error for the next call on a channel. */
  static void keep(Channel channel, IOException error) {
    KEPT.putIfAbsent(channel, error);
    isAny = true;
    onReset(channel);
  }

  /** The connection is broken, and the kernel will not say it again. */
  static void onReset(Channel channel) {
    Native.setFlag0(channel, Native.CONNECTION_RESET);
  }

  /** Throws what a channel owes, once. */
  static void tell(Channel channel) throws IOException {
    if (!isAny) {
      return;
    }
    IOException error = KEPT.remove(channel);
    if (KEPT.isEmpty()) {
      isAny = false;
      // Whoever kept one in between said so before or says it now.
      isAny = !KEPT.isEmpty();
    }
    if (error != null) {
      error.fillInStackTrace();
      throw error;
    }
  }

  /**
   * What an end of stream really is where the kernel had told a reset before, to the JDK's own read
   * or to one of ours.
   */
  static @Nullable IOException resetOf(Channel channel) {
    return Native.flag0(channel, Native.CONNECTION_RESET) == 1
        ? new SocketException(Errno.CONNECTION_RESET)
        : null;
  }
}

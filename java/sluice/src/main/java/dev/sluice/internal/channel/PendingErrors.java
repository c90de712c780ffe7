package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeChannel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Errors of sockets that the kernel has told, which it does once, and that no caller has been told:
 * bytes had been moved before, whose count the caller got. What a read met is told by the next
 * read, what a write met by the next write, and by a read that finds no byte any more: what the
 * peer sent before it reset the connection can still be read.
 *
 * <p>The JDK's own next read tells a reset by its flag {@code connectionReset}, which it keeps for
 * its own: without that it would answer the end of the stream, and a download that was cut short
 * would look complete. Its own next write is told {@code EPIPE} by the kernel.
 */
public final class PendingErrors {
  private static final PendingErrors OF_READS = new PendingErrors();
  private static final PendingErrors OF_WRITES = new PendingErrors();

  private final Map<Channel, IOException> kept = Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether there may be any, so that most transfers look at nothing else. */
  private volatile boolean isAny;

  private PendingErrors() {}

  /** Whether some channel may owe an error. */
  public static boolean areAny() {
    return OF_READS.isAny || OF_WRITES.isAny;
  }

  /** Keeps an error that a read has met. */
  public static void keepOfRead(Channel channel, IOException error) {
    OF_READS.keep(channel, error);
    onReset(channel);
  }

  /**
   * Keeps an error that a write has met.
   *
   * @param hasBytes whether the channel has bytes to read
   */
  public static void keepOfWrite(Channel channel, IOException error, boolean hasBytes) {
    OF_WRITES.keep(channel, error);
    if (!hasBytes) {
      onReset(channel);
    }
  }

  /** The JDK's own reads are to tell a reset, which the kernel will not do again. */
  public static void onReset(Channel channel) {
    NativeChannel.setFlag(channel, NativeChannel.CONNECTION_RESET);
  }

  /** Throws what the source and the target of a transfer owe, once. */
  public static void tell(Channel source, Channel target) throws IOException {
    OF_READS.tell(source);
    OF_WRITES.tell(target);
  }

  /**
   * What an end of stream really is, where the kernel had told an error before: to a write, to the
   * JDK's own read, or to one of ours.
   */
  public static @Nullable IOException insteadOfEnd(Channel channel) {
    IOException ofWrite = OF_WRITES.isAny ? OF_WRITES.kept.get(channel) : null;
    if (ofWrite == null && NativeChannel.flag(channel, NativeChannel.CONNECTION_RESET) != 1) {
      return null;
    }
    return new SocketException(Errno.CONNECTION_RESET);
  }

  private void keep(Channel channel, IOException error) {
    kept.putIfAbsent(channel, error);
    isAny = true;
  }

  private void tell(Channel channel) throws IOException {
    if (!isAny) {
      return;
    }
    IOException error = kept.remove(channel);
    if (kept.isEmpty()) {
      isAny = false;
      // Whoever kept one in between said so before or says it now.
      isAny = !kept.isEmpty();
    }
    if (error != null) {
      error.fillInStackTrace();
      throw error;
    }
  }
}

package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.jdk.StreamGuards;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Errors of sockets that no caller was told. The kernel tells an error of a socket once. If bytes
 * had been moved before the error, the caller got their count, and the error is kept here.
 *
 * <p>The next read throws an error that a read has met. The next write throws an error that a write
 * has met. A read that finds no more bytes throws the error of a write as well; not before, because
 * bytes that the peer sent before it reset the connection can still be read.
 *
 * <p>The JDK's own next read tells a reset by the JDK's flag {@code connectionReset}. Without the
 * flag that read would answer the end of the stream, and a download that was cut short would look
 * complete. The JDK's own next write needs no flag, because the kernel answers {@code EPIPE}.
 */
public final class PendingErrors {
  private static final PendingErrors OF_READS = new PendingErrors();
  private static final PendingErrors OF_WRITES = new PendingErrors();

  private final ChannelMap<IOException> kept = new ChannelMap<>();

  /** Whether there may be an error. Most transfers look at this field only. */
  private volatile boolean isAny;

  private PendingErrors() {}

  /** Whether an error may be kept for some channel. */
  public static boolean areAny() {
    return OF_READS.isAny || OF_WRITES.isAny;
  }

  /** Keeps an error that a read has met. */
  public static void keepOfRead(Channel channel, IOException error) {
    OF_READS.keep(channel, error);
    markReset(channel);
  }

  /**
   * Keeps an error that a write has met.
   *
   * @param hasBytes whether the channel has bytes to read
   */
  public static void keepOfWrite(Channel channel, IOException error, boolean hasBytes) {
    OF_WRITES.keep(channel, error);
    if (!hasBytes) {
      markReset(channel);
    }
  }

  /** Makes the JDK's own reads tell a reset, because the kernel will not tell it again. */
  public static void markReset(Channel channel) {
    // A field of this name in a class of another library means what that library likes.
    if (StreamGuards.isSocket(channel)) {
      NativeChannel.setFlag(channel, NativeChannel.CONNECTION_RESET);
    }
  }

  /** Throws the error that is kept for the source or for the target of a transfer, once. */
  public static void throwPending(Channel source, Channel target) throws IOException {
    OF_READS.throwPending(source);
    OF_WRITES.throwPending(target);
  }

  /**
   * The error that stands behind an end of stream, or null. The kernel may have told the error
   * before: to a write, to the JDK's own read, or to a read of Sluice's.
   */
  public static @Nullable IOException errorAtEnd(Channel channel) {
    IOException ofWrite = OF_WRITES.isAny ? OF_WRITES.kept.get(channel) : null;
    return ofWrite == null && !isMarkedReset(channel)
        ? null
        : new SocketException(Errno.CONNECTION_RESET);
  }

  private static boolean isMarkedReset(Channel channel) {
    return StreamGuards.isSocket(channel)
        && NativeChannel.flag(channel, NativeChannel.CONNECTION_RESET) == 1;
  }

  private void keep(Channel channel, IOException error) {
    kept.putIfAbsent(channel, error);
    isAny = true;
  }

  private void throwPending(Channel channel) throws IOException {
    if (!isAny) {
      return;
    }
    IOException error = kept.remove(channel);
    if (kept.isEmpty()) {
      isAny = false;
      // Another thread may have kept an error in between. This look sees the error, or that thread
      // sets isAny afterwards. A look that sees none must not clear isAny again.
      if (!kept.isEmpty()) {
        isAny = true;
      }
    }
    if (error != null) {
      error.fillInStackTrace();
      throw error;
    }
  }
}

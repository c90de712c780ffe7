package dev.sluice.internal;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** Chooses how a channel is held during a transfer: by the JDK's guards, or by a duplicate. */
final class Sides {
  private Sides() {}

  /**
   * The side that bytes come from; a file at its own position.
   *
   * @return null where the channel is not one of the JDK's own files, stream sockets or pipes
   */
  static @Nullable Side source(Channel channel) {
    if (JdkChannels.isFile(channel)) {
      return file((FileChannel) channel, Native.OWN_OFFSET);
    }
    if (isGuarded(channel)) {
      return new GuardedReader((SelectableChannel) channel);
    }
    return isStream(channel)
        ? Duplicate.selectable((SelectableChannel) channel, Native.POLLIN)
        : null;
  }

  /**
   * The side that bytes go to; a file at its own position.
   *
   * @return null where the channel is not one of the JDK's own files, stream sockets or pipes
   */
  static @Nullable Side target(Channel channel) {
    if (JdkChannels.isFile(channel)) {
      return file((FileChannel) channel, Native.OWN_OFFSET);
    }
    if (isGuarded(channel)) {
      return new GuardedWriter((SelectableChannel) channel);
    }
    return isStream(channel)
        ? Duplicate.selectable((SelectableChannel) channel, Native.POLLOUT)
        : null;
  }

  /** A file at an offset in bytes, or at {@link Native#OWN_OFFSET}. */
  static Side file(FileChannel file, long position) {
    return JdkChannels.FILES ? new GuardedFile(file, position) : Duplicate.file(file, position);
  }

  private static boolean isStream(Channel channel) {
    return JdkChannels.isSocket(channel) || JdkChannels.isPipe(channel);
  }

  private static boolean isGuarded(Channel channel) {
    return (JdkChannels.SOCKETS && JdkChannels.isSocket(channel))
        || (JdkChannels.PIPES && JdkChannels.isPipe(channel));
  }
}

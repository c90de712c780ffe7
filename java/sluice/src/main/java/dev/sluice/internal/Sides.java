package dev.sluice.internal;

import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Chooses how a channel is held during a transfer: by the JDK's guards, or by a duplicate. */
final class Sides {
  /** The bits of {@code st_mode} for the kind of a file, and those of a FIFO. */
  private static final int S_IFMT = 0170000;

  private static final int S_IFIFO = 0010000;

  /**
   * Of the transfers that read a file at its own position, which takes them one after the other.
   */
  private static final Turns POSITIONS = new Turns();

  private Sides() {}

  /**
   * The side that bytes come from; a file at its own position.
   *
   * @return null where the channel is not one of the JDK's own files, stream sockets or pipes
   */
  static @Nullable Side source(Channel channel) {
    if (JdkChannels.isFile(channel)) {
      return fileAtItsPosition((FileChannel) channel, POSITIONS.of(channel));
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
      return fileAtItsPosition((FileChannel) channel, null);
    }
    if (isGuarded(channel)) {
      return new GuardedWriter((SelectableChannel) channel);
    }
    return isStream(channel)
        ? Duplicate.selectable((SelectableChannel) channel, Native.POLLOUT)
        : null;
  }

  /**
   * Without the JDK's guards nobody wakes a thread that waits for a FIFO in the kernel, so that
   * those are left to the channel's own methods.
   */
  private static @Nullable Side fileAtItsPosition(FileChannel file, @Nullable ReentrantLock turn) {
    boolean isServed = JdkChannels.FILES || !isFifo(Native.mode(Native.descriptor0(file)));
    return isServed ? file(file, Native.OWN_OFFSET, turn) : null;
  }

  private static boolean isFifo(long mode) {
    return mode >= 0 && (mode & S_IFMT) == S_IFIFO;
  }

  /** A file at an offset in bytes. */
  static Side file(FileChannel file, long position) {
    return file(file, position, null);
  }

  private static Side file(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return JdkChannels.FILES
        ? new GuardedFile(file, position, turn)
        : Duplicate.file(file, position, turn);
  }

  private static boolean isStream(Channel channel) {
    return JdkChannels.isSocket(channel) || JdkChannels.isPipe(channel);
  }

  private static boolean isGuarded(Channel channel) {
    return (JdkChannels.SOCKETS && JdkChannels.isSocket(channel))
        || (JdkChannels.PIPES && JdkChannels.isPipe(channel));
  }
}

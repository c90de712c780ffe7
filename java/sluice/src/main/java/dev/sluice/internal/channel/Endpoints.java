package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.jdk.StreamGuards;
import dev.sluice.internal.jdk.WakeSignal;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how a channel is held during a transfer: by the JDK's guards, by a duplicate, or by what
 * it lends.
 */
public final class Endpoints {
  /** The locks by which transfers that read a file at its own position take turns. */
  private static final PerChannelLocks POSITIONS = new PerChannelLocks();

  private Endpoints() {}

  /**
   * The endpoint that bytes come from. A file is read at its own position.
   *
   * @return null if the channel is not one of the JDK's own files, stream sockets or pipes, and
   *     lends no descriptor
   */
  public static @Nullable Endpoint source(Channel channel) {
    if (isHeldFile(channel)) {
      return file((FileChannel) channel, NativeTransfer.OWN_OFFSET, POSITIONS.of(channel));
    }
    if (isGuarded(channel)) {
      return GuardedReader.of((SelectableChannel) channel);
    }
    return isStream(channel)
        ? DuplicateEndpoint.selectable((SelectableChannel) channel, NativeWait.POLLIN)
        : lent(channel, NativeWait.POLLIN);
  }

  /**
   * The endpoint that bytes go to. A file is written at its own position.
   *
   * @return null if the channel is not one of the JDK's own files, stream sockets or pipes, and
   *     lends no descriptor
   */
  public static @Nullable Endpoint target(Channel channel) {
    if (isHeldFile(channel)) {
      return file((FileChannel) channel, NativeTransfer.OWN_OFFSET, null);
    }
    if (isGuarded(channel)) {
      return GuardedWriter.of((SelectableChannel) channel);
    }
    return isStream(channel)
        ? DuplicateEndpoint.selectable((SelectableChannel) channel, NativeWait.POLLOUT)
        : lent(channel, NativeWait.POLLOUT);
  }

  /**
   * The endpoint of a FIFO or a terminal, which was opened as a file and has no position.
   *
   * @return null if a transfer cannot wait for the file
   */
  public static @Nullable Endpoint streamOf(FileChannel file) {
    if (FileGuards.FILES) {
      return GuardedFile.ofStream(file, POSITIONS.of(file));
    }
    return WakeSignal.canBeSent() ? DuplicateEndpoint.ofStream(file, POSITIONS.of(file)) : null;
  }

  /** The endpoint of a channel of another library, or null. A thread that waits must be woken. */
  private static @Nullable Endpoint lent(Channel channel, int events) {
    return WakeSignal.canBeSent() ? LentEndpoint.of(channel, events) : null;
  }

  /** The endpoint of a file at an offset in bytes. */
  public static Endpoint file(FileChannel file, long position) {
    return file(file, position, null);
  }

  private static Endpoint file(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return FileGuards.FILES
        ? GuardedFile.of(file, position, turn)
        : DuplicateEndpoint.file(file, position, turn);
  }

  /** Whether a channel is the JDK's own kind of file channel, so that its descriptor is known. */
  public static boolean isFile(@Nullable Channel channel) {
    return FileGuards.isFile(channel) && (FileGuards.FILES || DescriptorNumber.isKnown(channel));
  }

  /** Whether files can be held, by the JDK's guards or by duplicates. */
  public static boolean canHoldFiles() {
    return FileGuards.FILES || SecondDescriptors.areAvailable();
  }

  private static boolean isHeldFile(Channel channel) {
    return isFile(channel) && canHoldFiles();
  }

  /** Whether a channel is a socket or a pipe that can be held by a duplicate. */
  private static boolean isStream(Channel channel) {
    return (StreamGuards.isSocket(channel) || StreamGuards.isPipe(channel))
        && DescriptorNumber.isKnown(channel)
        && WakeSignal.canBeSent()
        && SecondDescriptors.areAvailableToStreams();
  }

  /** Whether a channel is a socket or a pipe that the JDK's guards hold. */
  public static boolean isGuarded(Channel channel) {
    return (StreamGuards.SOCKETS && StreamGuards.isSocket(channel))
        || (StreamGuards.holdPipes() && StreamGuards.isPipe(channel));
  }
}

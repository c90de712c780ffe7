package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.JdkChannels;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** The checks of the JDK's {@code FileChannelImpl}, in its order, before anything native runs. */
public final class Arguments {
  /** {@code O_ACCMODE} and its values, from {@code open(2)}. */
  private static final int O_ACCMODE = 3;

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;

  private Arguments() {}

  static void transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    ensureOpen(source);
    ensureOpen(target);
    if (!isReadable(source)) {
      throw new NonReadableChannelException();
    }
    if (JdkChannels.isFile(target) && !isWritable((FileChannel) target)) {
      throw new NonWritableChannelException();
    }
    ensureNotNegative(position, count);
  }

  /** What is checked of a channel that is written to. */
  public static void target(WritableByteChannel target) throws IOException {
    ensureOpen(target);
    if (JdkChannels.isFile(target) && !isWritable((FileChannel) target)) {
      throw new NonWritableChannelException();
    }
  }

  static void transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    ensureOpen(target);
    ensureOpen(source);
    if (JdkChannels.isFile(source) && !isReadable((FileChannel) source)) {
      throw new NonReadableChannelException();
    }
    if (!isWritable(target)) {
      throw new NonWritableChannelException();
    }
    ensureNotNegative(position, count);
  }

  static void transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    ensureOpen(source);
    ensureOpen(target);
    // Without the library the channels' own methods say it, when they are called.
    if (NativeLoader.isAvailable()) {
      if (JdkChannels.isFile(source) && !isReadable((FileChannel) source)) {
        throw new NonReadableChannelException();
      }
      if (JdkChannels.isFile(target) && !isWritable((FileChannel) target)) {
        throw new NonWritableChannelException();
      }
    }
    ensureNotNegative(0, count);
  }

  private static void ensureOpen(Channel channel) throws ClosedChannelException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private static void ensureNotNegative(long position, long count) {
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "negative " + (position < 0 ? "position: " + position : "count: " + count));
    }
  }

  public static boolean isReadable(FileChannel file) throws IOException {
    return JdkChannels.FILES ? JdkChannels.isReadable(file) : accessMode(file) != O_WRONLY;
  }

  public static boolean isWritable(FileChannel file) throws IOException {
    return JdkChannels.FILES ? JdkChannels.isWritable(file) : accessMode(file) != O_RDONLY;
  }

  private static int accessMode(FileChannel file) throws IOException {
    int flags = NativeDescriptor.flags(NativeChannel.descriptor(file));
    // Closed meanwhile, its number may be another's already.
    ensureOpen(file);
    if (flags < 0) {
      throw Errno.exception(-flags, "fcntl(F_GETFL)");
    }
    return flags & O_ACCMODE;
  }
}

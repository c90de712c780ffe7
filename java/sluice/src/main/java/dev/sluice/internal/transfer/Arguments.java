package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.AccessMode;
import dev.sluice.internal.channel.Endpoints;
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
  private Arguments() {}

  /** Checks the arguments of {@code transferTo}. */
  static void transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    ensureOpen(source);
    ensureOpen(target);
    if (!AccessMode.isReadable(source)) {
      throw new NonReadableChannelException();
    }
    if (Endpoints.isFile(target) && !AccessMode.isWritable((FileChannel) target)) {
      throw new NonWritableChannelException();
    }
    ensureNotNegative(position, count);
  }

  /** Checks that a channel is open and, if it is a file, open for writing. */
  public static void target(WritableByteChannel target) throws IOException {
    ensureOpen(target);
    if (Endpoints.isFile(target) && !AccessMode.isWritable((FileChannel) target)) {
      throw new NonWritableChannelException();
    }
  }

  /** Checks the arguments of {@code transferFrom}. */
  static void transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    ensureOpen(target);
    ensureOpen(source);
    if (Endpoints.isFile(source) && !AccessMode.isReadable((FileChannel) source)) {
      throw new NonReadableChannelException();
    }
    if (!AccessMode.isWritable(target)) {
      throw new NonWritableChannelException();
    }
    ensureNotNegative(position, count);
  }

  /** Checks the arguments of a transfer between two channels, each at its own position. */
  static void transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    ensureOpen(source);
    ensureOpen(target);
    // Without the native library, the channels' own methods make these checks when they are called.
    if (NativeLoader.isAvailable()) {
      if (Endpoints.isFile(source) && !AccessMode.isReadable((FileChannel) source)) {
        throw new NonReadableChannelException();
      }
      if (Endpoints.isFile(target) && !AccessMode.isWritable((FileChannel) target)) {
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

  /** Checks a file offset and a count of bytes. */
  public static void ensureNotNegative(long position, long count) {
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "negative " + (position < 0 ? "position: " + position : "count: " + count));
    }
  }
}

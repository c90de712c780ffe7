package dev.sluice;

import dev.sluice.internal.mapping.MappedBuffers;
import dev.sluice.internal.mapping.RegionPart;
import dev.sluice.internal.mapping.RegionTransfer;
import dev.sluice.internal.transfer.Terms;
import dev.sluice.internal.transfer.Transfers;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Transfers and mappings that use the wrapped channel of a {@link SluiceFileChannel} in its place,
 * and close the wrapper if the wrapped channel was closed meanwhile.
 */
final class Unwrapping {
  private Unwrapping() {}

  static long transferTo(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Terms terms)
      throws IOException {
    if (!isWrapper(source) && !isWrapper(target)) {
      return Transfers.transferTo(mechanism, source, position, count, target, terms);
    }
    try {
      WritableByteChannel inner = isWrapper(target) ? file((FileChannel) target) : target;
      return Transfers.transferTo(mechanism, file(source), position, count, inner, terms);
    } finally {
      follow(source);
      follow(target);
    }
  }

  static long transferFrom(
      int mechanism,
      FileChannel target,
      ReadableByteChannel source,
      long position,
      long count,
      @Nullable Terms terms)
      throws IOException {
    if (!isWrapper(target) && !isWrapper(source)) {
      return Transfers.transferFrom(mechanism, target, source, position, count, terms);
    }
    try {
      ReadableByteChannel inner = isWrapper(source) ? file((FileChannel) source) : source;
      return Transfers.transferFrom(mechanism, file(target), inner, position, count, terms);
    } finally {
      follow(target);
      follow(source);
    }
  }

  static long transfer(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable Terms terms)
      throws IOException {
    if (!isWrapper(source) && !isWrapper(target)) {
      return Transfers.transfer(mechanism, source, target, count, terms);
    }
    try {
      ReadableByteChannel from = isWrapper(source) ? file((FileChannel) source) : source;
      WritableByteChannel to = isWrapper(target) ? file((FileChannel) target) : target;
      return Transfers.transfer(mechanism, from, to, count, terms);
    } finally {
      follow(source);
      follow(target);
    }
  }

  static long transferTo(RegionPart region, long offset, long count, WritableByteChannel target)
      throws IOException {
    if (!isWrapper(target)) {
      return RegionTransfer.run(region, offset, count, target);
    }
    try {
      return RegionTransfer.run(region, offset, count, file((FileChannel) target));
    } finally {
      follow(target);
    }
  }

  static MappedByteBuffer map(
      FileChannel channel, FileChannel.MapMode mode, long position, long size) throws IOException {
    try {
      return MappedBuffers.map(file(channel), mode, position, size);
    } finally {
      follow(channel);
    }
  }

  /** The channel to use: the wrapped channel of a wrapper, or the channel itself. */
  static FileChannel file(FileChannel channel) {
    return channel instanceof ForwardingFileChannel wrapper ? wrapper.file() : channel;
  }

  private static boolean isWrapper(@Nullable Channel channel) {
    return channel instanceof ForwardingFileChannel;
  }

  /** Closes a wrapper if its wrapped channel is closed. Leaves every other channel alone. */
  static void follow(Channel channel) throws IOException {
    if (channel instanceof ForwardingFileChannel wrapper) {
      wrapper.follow();
    }
  }
}

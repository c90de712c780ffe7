package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.channel.FileBlocks;
import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file as the source of offers to other channels. It is read through buffers that those channels
 * never see.
 */
final class FileSource implements RereadableSource {
  private final FileChannel file;
  private final long position;
  private final long count;
  private final int block;

  /** How many bytes were moved before the first of those that were read ahead. */
  private long aheadFrom;

  /** How many bytes were read ahead. */
  private int aheadSize;

  FileSource(FileChannel file, long position, long count) throws IOException {
    this.file = file;
    this.position = position;
    this.count = count;
    block = FileBlocks.sizeOf(file);
  }

  @Override
  public @Nullable ByteBuffer offer(int most, long moved, ForeignBuffers buffers)
      throws IOException {
    long at = position + moved;
    if (block == FileBlocks.NONE) {
      return readUnaligned(most, moved, buffers);
    }
    int skipped = (int) (at % block);
    long whole = FileBlocks.roundUp((long) skipped + most, block);
    int length = (int) Math.min(whole, Math.max(block, DirectBuffers.SIZE));
    // The read goes into a buffer of ours, not through the JDK's cached one. Once a thread has read
    // or written a larger piece of such a file, JDK 17 fails to free the aligned memory that it
    // caches for the thread.
    ByteBuffer own = DirectBuffers.FOR_COPIES.takeAligned(length, block);
    try {
      int used = Math.min(most, length - skipped);
      return copyOf(fill(own.limit(length), at - skipped, skipped, used), buffers);
    } finally {
      DirectBuffers.FOR_COPIES.give(own);
    }
  }

  private @Nullable ByteBuffer readUnaligned(int most, long moved, ForeignBuffers buffers)
      throws IOException {
    long at = position + moved;
    ByteBuffer lent = buffers.lent(most);
    if (lent != null) {
      return fill(lent, at, 0, most);
    }
    ByteBuffer ahead = count > ForeignBuffers.SMALL ? buffers.ahead() : null;
    if (ahead != null) {
      return readAhead(ahead, most, moved, buffers);
    }
    ByteBuffer own = most > ForeignBuffers.SMALL ? DirectBuffers.FOR_COPIES.take() : null;
    if (own == null) {
      // The JDK copies a heap buffer through a direct buffer that it caches for the thread. In
      // pieces of this size, the cache grows no further than in the JDK's own loop.
      byte[] bytes = buffers.bytes(Math.min(most, ForeignBuffers.SMALL));
      ByteBuffer filled = fill(ByteBuffer.wrap(bytes), at, 0, bytes.length);
      boolean isExact = filled == null || filled.remaining() == bytes.length;
      return isExact ? filled : copyOf(filled, buffers);
    }
    try {
      return copyOf(fill(own.limit(most), at, 0, most), buffers);
    } finally {
      DirectBuffers.FOR_COPIES.give(own);
    }
  }

  /**
   * Fills the read-ahead buffer by one system call when it is used up, and makes the next offer out
   * of it.
   */
  private @Nullable ByteBuffer readAhead(
      ByteBuffer ahead, int most, long moved, ForeignBuffers buffers) throws IOException {
    if (moved >= aheadFrom + aheadSize) {
      int room = (int) Math.min(ahead.capacity(), count - moved);
      aheadSize = Math.max(0, file.read(ahead.clear().limit(room), position + moved));
      aheadFrom = moved;
      if (aheadSize == 0) {
        return null;
      }
    }
    // The target may have taken only a part of the last offer, so this one begins anywhere.
    int start = (int) (moved - aheadFrom);
    int size = Math.min(most, aheadSize - start);
    return buffers.copy(ahead.limit(start + size).position(start));
  }

  private static @Nullable ByteBuffer copyOf(@Nullable ByteBuffer read, ForeignBuffers buffers) {
    return read == null ? null : buffers.copy(read);
  }

  private @Nullable ByteBuffer fill(ByteBuffer buffer, long at, int skipped, int most)
      throws IOException {
    int size = Math.min(file.read(buffer, at) - skipped, most);
    return size > 0 ? buffer.slice(skipped, size) : null;
  }
}

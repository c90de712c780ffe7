package dev.sluice.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file as the source of offers to other channels, read through buffers that those never see. */
final class FilePieces implements BufferedTransfer.Pieces {
  private final FileChannel file;
  private final long position;
  private final int block;

  FilePieces(FileChannel file, long position) throws IOException {
    this.file = file;
    this.position = position;
    block = FileBlocks.sizeOf(file);
  }

  @Override
  public @Nullable ByteBuffer read(int most, long moved, ForeignBuffers buffers)
      throws IOException {
    long at = position + moved;
    if (block == FileBlocks.NONE) {
      return read(at, 0, most, most, buffers);
    }
    int skipped = (int) (at % block);
    long whole = FileBlocks.up((long) skipped + most, block);
    int length = (int) Math.min(whole, Math.max(block, DirectBuffers.SIZE));
    return read(at - skipped, skipped, Math.min(most, length - skipped), length, buffers);
  }

  /** Reads {@code length} bytes, and makes an offer of at most {@code most} beyond the skipped. */
  private @Nullable ByteBuffer read(
      long at, int skipped, int most, int length, ForeignBuffers buffers) throws IOException {
    boolean isAligned = block <= DirectBuffers.ALIGNMENT;
    ByteBuffer lent = isAligned ? buffers.lent(length) : null;
    if (lent != null) {
      return fill(lent, at, skipped, most);
    }
    boolean isPooled = isAligned && length > ForeignBuffers.SMALL;
    ByteBuffer pooled = isPooled ? DirectBuffers.BRIEF.take() : null;
    if (pooled == null) {
      // The JDK copies through memory of the thread's own, which it keeps: no more than it would.
      int usual = Math.max(block, Math.min(length, ForeignBuffers.SMALL));
      ByteBuffer own = ByteBuffer.wrap(buffers.bytes(usual));
      ByteBuffer filled = fill(own, at, skipped, most);
      return filled == null || filled.remaining() == own.capacity() ? filled : buffers.copy(filled);
    }
    try {
      ByteBuffer filled = fill(pooled.limit(length), at, skipped, most);
      return filled == null ? null : buffers.copy(filled);
    } finally {
      DirectBuffers.BRIEF.give(pooled);
    }
  }

  private @Nullable ByteBuffer fill(ByteBuffer buffer, long at, int skipped, int most)
      throws IOException {
    int size = Math.min(file.read(buffer, at) - skipped, most);
    return size > 0 ? buffer.slice(skipped, size) : null;
  }
}

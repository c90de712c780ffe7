package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.channel.FileBlocks;
import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * A file as the target of bytes that other channels gave. The bytes are written out of buffers that
 * those channels cannot reach.
 *
 * <p>A file that was opened with {@code O_DIRECT} takes whole blocks only. For it, the loop asks
 * the source for no more bytes than the file can take, and less than a block waits until the block
 * is whole.
 */
final class FileSink extends Sink {
  private static final byte[] NOTHING = {};

  private final FileChannel file;
  private final long position;
  private final int block;

  /** Bytes that were taken from the source and are not a whole block yet. */
  private byte[] rest = NOTHING;

  /**
   * Makes a sink of a file.
   *
   * @param position the file offset of the first byte, or {@link NativeTransfer#OWN_OFFSET}
   */
  FileSink(FileChannel file, long position) throws IOException {
    this.file = file;
    this.position = position;
    block = FileBlocks.sizeOf(file);
  }

  /**
   * Counts the bytes that the file can take. If it takes whole blocks only, the rest stays in the
   * source.
   */
  @Override
  long capacity(long count) throws IOException {
    if (block == FileBlocks.NONE) {
      return count;
    }
    long at = position == NativeTransfer.OWN_OFFSET ? file.position() : position;
    if (at % block != 0 || count < block) {
      throw new IOException(
          String.format(
              "the file was opened with ExtendedOpenOption.DIRECT and takes whole blocks of %d"
                  + " bytes, not %d bytes at %d",
              block, count, at));
    }
    return FileBlocks.blockStart(count, block);
  }

  @Override
  int nextSize(int size) {
    return block == FileBlocks.NONE
        ? size
        : (int) FileBlocks.blockStart(Math.max(size, block), block) - rest.length;
  }

  @Override
  void store(ByteBuffer given, boolean isShared) throws IOException {
    if (block == FileBlocks.NONE) {
      write(NOTHING, given, isShared);
      return;
    }
    int whole = (int) FileBlocks.blockStart((long) rest.length + given.remaining(), block);
    if (whole > 0) {
      int used = whole - rest.length;
      write(rest, given.slice(given.position(), used), true);
      rest = NOTHING;
      given.position(given.position() + used);
    }
    int held = rest.length;
    rest = Arrays.copyOf(rest, held + given.remaining());
    given.get(rest, held, given.remaining());
  }

  /** Writes an incomplete last block, which the file itself refuses. */
  @Override
  void finish() throws IOException {
    if (rest.length > 0) {
      write(NOTHING, ByteBuffer.wrap(rest), true);
      rest = NOTHING;
    }
  }

  /**
   * Writes {@code before}, then all of {@code given}. {@code isShared} says whether foreign code
   * may hold {@code given} as well.
   */
  private void write(byte[] before, ByteBuffer given, boolean isShared) throws IOException {
    if (!isShared) {
      write(given);
      return;
    }
    int length = before.length + given.remaining();
    ByteBuffer own = null;
    if (block != FileBlocks.NONE) {
      own = DirectBuffers.FOR_COPIES.takeAligned(length, block);
    } else if (length > ForeignBuffers.SMALL) {
      own = DirectBuffers.FOR_COPIES.take();
    }
    if (own != null) {
      try {
        write(own.put(before).put(given).flip());
      } finally {
        DirectBuffers.FOR_COPIES.give(own);
      }
      return;
    }
    // The JDK copies a heap buffer through a direct buffer that it caches for the thread. In pieces
    // of this size, the cache grows no further than in the JDK's own loop.
    while (given.hasRemaining()) {
      int size = Math.min(ForeignBuffers.SMALL, given.remaining());
      write(given.slice(given.position(), size));
      given.position(given.position() + size);
    }
  }

  private void write(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int written =
          position == NativeTransfer.OWN_OFFSET
              ? file.write(data)
              : file.write(data, position + storedBytes);
      if (written <= 0) {
        throw new IOException("the target takes nothing");
      }
      storedBytes += written;
    }
  }
}

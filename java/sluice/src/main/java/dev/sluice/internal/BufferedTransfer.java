package dev.sluice.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Transfers with channels that have no descriptor, through a pooled direct buffer of 256 KiB where
 * the JDK takes 8 KiB of heap. The rules are those of the JDK's own loop: it ends where a read
 * gives nothing or a write takes less than it was offered, and an exception after the first byte
 * gives way to the count.
 */
final class BufferedTransfer {
  private static final int SIZE = 256 * 1024;

  private static final Pool<ByteBuffer> BUFFERS = new Pool<>(() -> ByteBuffer.allocateDirect(SIZE));

  private BufferedTransfer() {}

  /** From a file to any channel. What the channel does not take is not lost: it is in the file. */
  static long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    ByteBuffer buffer = BUFFERS.take();
    long moved = 0;
    try {
      while (moved < count) {
        buffer.clear().limit((int) Math.min(count - moved, SIZE));
        int read = source.read(buffer, position + moved);
        if (read <= 0) {
          break;
        }
        int written = target.write(buffer.flip());
        moved += written;
        if (written != read) {
          break;
        }
      }
      return moved;
    } catch (IOException e) {
      return countOrThrow(moved, e);
    } finally {
      BUFFERS.give(buffer);
    }
  }

  /** From any channel to a file. What was read is written to the last byte. */
  static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    ByteBuffer buffer = BUFFERS.take();
    long moved = 0;
    try {
      while (moved < count) {
        buffer.clear().limit((int) Math.min(count - moved, SIZE));
        int read = source.read(buffer);
        if (read <= 0) {
          break;
        }
        moved += store(buffer.flip(), target, position + moved, moved);
      }
      return moved;
    } catch (StrandedBytesException e) {
      throw e;
    } catch (IOException e) {
      return countOrThrow(moved, e);
    } finally {
      BUFFERS.give(buffer);
    }
  }

  /** From any channel to any. What was read of a stream is written to the last byte. */
  static long transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    if (source instanceof FileChannel file && file.size() > 0) {
      long position = file.position();
      long moved = transferTo(file, position, count, target);
      file.position(position + moved);
      return moved;
    }
    ByteBuffer buffer = BUFFERS.take();
    long moved = 0;
    try {
      while (moved < count) {
        buffer.clear().limit((int) Math.min(count - moved, SIZE));
        int read = source.read(buffer);
        if (read <= 0) {
          break;
        }
        moved += store(buffer.flip(), target, moved);
      }
      return moved;
    } catch (StrandedBytesException e) {
      throw e;
    } catch (IOException e) {
      return countOrThrow(moved, e);
    } finally {
      BUFFERS.give(buffer);
    }
  }

  private static int store(ByteBuffer buffer, WritableByteChannel target, long before)
      throws IOException {
    int stored = 0;
    try {
      while (buffer.hasRemaining()) {
        int written = target.write(buffer);
        stored += written;
        if (written == 0) {
          throw new IOException("the target is in non-blocking mode and full");
        }
      }
      return stored;
    } catch (IOException e) {
      throw new StrandedBytesException(before + stored, buffer.remaining(), e);
    }
  }

  private static int store(ByteBuffer buffer, FileChannel target, long position, long before)
      throws IOException {
    int stored = 0;
    try {
      while (buffer.hasRemaining()) {
        stored += target.write(buffer, position + stored);
      }
      return stored;
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new StrandedBytesException(before + stored, buffer.remaining(), e);
    }
  }

  private static long countOrThrow(long moved, IOException e) throws IOException {
    if (moved > 0) {
      return moved;
    }
    throw e;
  }
}

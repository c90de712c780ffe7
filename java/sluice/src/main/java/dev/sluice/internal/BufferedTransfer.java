package dev.sluice.internal;

import dev.sluice.StrandedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.stream.Stream;

/**
 * Transfers with channels that have no descriptor, through a pooled direct buffer of 256 KiB where
 * the JDK takes 8 KiB of heap. The rules are those of the JDK's own loop: it ends where a read
 * gives nothing or a write takes less than it was offered, and an exception after the first byte
 * gives way to the count.
 */
final class BufferedTransfer {
  private static final int SIZE = 256 * 1024;

  /** Direct buffers for whoever needs one for a moment, of {@link #SIZE}. */
  static final Pool<ByteBuffer> BUFFERS = new Pool<>(() -> ByteBuffer.allocateDirect(SIZE));

  private BufferedTransfer() {}

  /** Where bytes come from; {@code moved} were moved before. */
  @FunctionalInterface
  interface Source {
    int read(ByteBuffer buffer, long moved) throws IOException;
  }

  /** Where bytes go: how many it took; {@code moved} were moved before. */
  @FunctionalInterface
  interface Target {
    int write(ByteBuffer buffer, long moved) throws IOException;
  }

  /** From a file to any channel. What the channel does not take is not lost: it is in the file. */
  static long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return move(
        (buffer, moved) -> source.read(buffer, position + moved),
        (buffer, moved) -> target.write(buffer),
        count);
  }

  /** From any channel to a file. What was read is written to the last byte. */
  static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    Target file = (buffer, moved) -> target.write(buffer, position + moved);
    return move(
        (buffer, moved) -> source.read(buffer),
        (buffer, moved) -> store(buffer, file, moved),
        count);
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
    Target stream = (buffer, moved) -> target.write(buffer);
    return move(
        (buffer, moved) -> source.read(buffer),
        (buffer, moved) -> store(buffer, stream, moved),
        count);
  }

  static long move(Source source, Target target, long count) throws IOException {
    ByteBuffer buffer = BUFFERS.take();
    long moved = 0;
    try {
      while (moved < count) {
        buffer.clear().limit((int) Math.min(count - moved, SIZE));
        int read = source.read(buffer, moved);
        if (read <= 0) {
          break;
        }
        int written = target.write(buffer.flip(), moved);
        moved += written;
        if (written != read) {
          break;
        }
      }
      return moved;
    } catch (IOException e) {
      if (moved > 0 && !isStrandedToldBy(e)) {
        return moved;
      }
      throw e;
    } finally {
      BUFFERS.give(buffer);
    }
  }

  /** Writes all of it: nothing else has these bytes any more. */
  private static int store(ByteBuffer buffer, Target target, long before) throws IOException {
    int stored = 0;
    try {
      while (buffer.hasRemaining()) {
        int written = target.write(buffer, before + stored);
        stored += written;
        if (written == 0) {
          throw new IOException("the target is in non-blocking mode and full");
        }
      }
      return stored;
    } catch (IOException e) {
      e.addSuppressed(new StrandedBytesException(before + stored, buffer.remaining()));
      throw e;
    }
  }

  /** Whether an exception tells of stranded bytes, so that no count may stand for it. */
  private static boolean isStrandedToldBy(IOException failure) {
    return Stream.of(failure.getSuppressed()).anyMatch(StrandedBytesException.class::isInstance);
  }
}

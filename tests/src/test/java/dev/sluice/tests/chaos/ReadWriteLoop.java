package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A loop over the JDK's {@code read} and {@code write} in place of {@code Sluice.transfer}. The
 * model has to accept it, so that an alarm is known to be the library's fault and not the model's.
 * For channels in blocking mode.
 */
final class ReadWriteLoop {
  private ReadWriteLoop() {}

  static ReportedResult move(
      ReadableByteChannel source, WritableByteChannel target, long count, boolean fromFile) {
    ByteBuffer room = ByteBuffer.allocate(8192);
    ByteBuffer buffer = room.duplicate().limit(0);
    long moved = 0;
    try {
      while (moved < count) {
        room.clear().limit((int) Math.min(room.capacity(), count - moved));
        int read = readInto(room, buffer, source);
        if (read <= 0) {
          break;
        }
        while (buffer.hasRemaining()) {
          int before = buffer.position();
          try {
            target.write(buffer);
          } finally {
            // An interrupt may come after the bytes.
            moved += buffer.position() - before;
          }
        }
      }
      return ReportedResult.count(count, moved);
    } catch (IOException e) {
      return failed(
          source,
          target,
          count,
          moved,
          fromFile ? giveBack(source, buffer) : buffer.remaining(),
          e);
    }
  }

  /** Shows the bytes by {@code buffer}, also those that an interrupt has come after. */
  private static int readInto(ByteBuffer room, ByteBuffer buffer, ReadableByteChannel source)
      throws IOException {
    try {
      return source.read(room);
    } finally {
      buffer.clear().limit(room.position());
    }
  }

  private static ReportedResult failed(
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      long moved,
      long stranded,
      IOException failure) {
    if (failure instanceof ClosedByInterruptException) {
      try {
        source.close();
        target.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      return new ReportedResult(count, moved, stranded, failure);
    }
    // The next call meets an exception that is not thrown now.
    return moved > 0 && stranded == 0
        ? ReportedResult.count(count, moved)
        : new ReportedResult(count, moved, stranded, failure);
  }

  /** A file can be read again. */
  private static long giveBack(ReadableByteChannel source, ByteBuffer buffer) {
    FileChannel file = (FileChannel) source;
    try {
      file.position(file.position() - buffer.remaining());
    } catch (IOException e) {
      // It is closed, so that nobody sees where it stands.
    }
    return 0;
  }
}

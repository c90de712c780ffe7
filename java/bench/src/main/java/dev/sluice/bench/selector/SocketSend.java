package dev.sluice.bench.selector;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/** A way to send a part of a file to a socket by one call. */
@FunctionalInterface
public interface SocketSend {
  /**
   * Sends bytes, and answers how many: in non-blocking mode as many as the socket takes at once.
   */
  long send(FileChannel file, long position, long count, SocketChannel socket) throws IOException;

  static SocketSend nio() {
    return FileChannel::transferTo;
  }

  static SocketSend sluice() {
    return Sluice::transferTo;
  }

  /** Through one direct buffer, in which the bytes that a full socket leaves are kept. */
  static SocketSend buffered() {
    return new SocketSend() {
      private final ByteBuffer buffer = ByteBuffer.allocateDirect(Loop.BUFFER_BYTES).limit(0);
      private long next;

      @Override
      public long send(FileChannel file, long position, long count, SocketChannel socket)
          throws IOException {
        if (!buffer.hasRemaining() || position != next) {
          buffer.clear().limit((int) Math.min(buffer.capacity(), count));
          file.read(buffer, position);
          buffer.flip();
        }
        int sent = socket.write(buffer);
        next = position + sent;
        return sent;
      }
    };
  }
}

package dev.sluice.bench.slow;

import dev.sluice.bench.selector.SocketSend;
import java.nio.ByteBuffer;

/** The ways to send a part of a file to a peer. */
enum Way {
  NIO("NIO transferTo"),
  LOOP("read + write, 64 KiB buffer"),
  SLUICE("Sluice transferTo");

  private static final int BUFFER_BYTES = 64 * 1024;

  private final String title;

  Way(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** The call of one thread. A loop has a buffer of its own in it. */
  SocketSend call() {
    return switch (this) {
      case NIO -> SocketSend.nio();
      case LOOP -> loop(ByteBuffer.allocateDirect(BUFFER_BYTES));
      case SLUICE -> SocketSend.sluice();
    };
  }

  private static SocketSend loop(ByteBuffer buffer) {
    return (file, position, count, socket) -> {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, count));
      int read = file.read(buffer, position);
      buffer.flip();
      while (buffer.hasRemaining()) {
        socket.write(buffer);
      }
      return read;
    };
  }
}

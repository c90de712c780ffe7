package dev.sluice.bench.slow;

import dev.sluice.Sluice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

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

  /** One call, which answers the bytes that it sent. */
  interface Call {
    long send(FileChannel file, long position, long count, SocketChannel socket) throws IOException;
  }

  /** The call of one thread. A loop has a buffer of its own in it. */
  Call call() {
    return switch (this) {
      case NIO -> FileChannel::transferTo;
      case LOOP -> loop(ByteBuffer.allocateDirect(BUFFER_BYTES));
      case SLUICE -> Sluice::transferTo;
    };
  }

  private static Call loop(ByteBuffer buffer) {
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

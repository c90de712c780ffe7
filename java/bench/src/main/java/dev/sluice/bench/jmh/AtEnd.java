package dev.sluice.bench.jmh;

import dev.sluice.bench.measure.ChannelDescriptor;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;

/**
 * A file that is at its end, and a target that is not read. A transfer between them does everything
 * but move bytes, and makes its system call.
 */
record AtEnd(FileChannel file, WritableByteChannel target, Closeable farEnd) implements Closeable {
  static final int POSITION = 4096;

  static AtEnd of(String target) throws IOException {
    FileChannel file = FileChannel.open(TempFiles.file(POSITION), StandardOpenOption.READ);
    return switch (target) {
      case "socket" -> socket(file);
      case "pipe" -> pipe(file);
      default -> throw new IllegalArgumentException(target);
    };
  }

  private static AtEnd socket(FileChannel file) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      return new AtEnd(file, near, server.accept());
    }
  }

  private static AtEnd pipe(FileChannel file) throws IOException {
    Pipe pipe = Pipe.open();
    return new AtEnd(file, pipe.sink(), pipe.source());
  }

  int fileDescriptor() {
    return ChannelDescriptor.of(file);
  }

  int targetDescriptor() {
    return ChannelDescriptor.of((SelectableChannel) target);
  }

  @Override
  public void close() throws IOException {
    file.close();
    target.close();
    farEnd.close();
  }
}

package dev.sluice.bench.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.bench.process.ThreadKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A plain file server by NIO, with a thread for each connection: it reads a head, opens the file,
 * writes a head, and calls {@code transferTo}. It knows GET alone, no conditions and no ranges, and
 * asks the file for its size only.
 */
final class PlainServer {
  private static final int HEAD_LIMIT = 8192;

  private PlainServer() {}

  /** Arguments: a directory, a port, and the kind of threads. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    ThreadKind threads = ThreadKind.valueOf(arguments[2]);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(loopback, Integer.parseInt(arguments[1])), 1024);
      while (true) {
        SocketChannel client = server.accept();
        threads.start(() -> serve(root, client));
      }
    }
  }

  private static void serve(Path root, SocketChannel client) {
    try (client) {
      // Head and file go out by two calls: without it the second waits for the peer's ACK.
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer input = ByteBuffer.allocateDirect(HEAD_LIMIT);
      while (true) {
        String target = target(client, input);
        try (FileChannel file = FileChannel.open(root.resolve(target.substring(1)))) {
          respond(client, file);
        }
      }
    } catch (IOException e) {
      // The peer has closed the connection.
    }
  }

  private static String target(SocketChannel client, ByteBuffer input) throws IOException {
    input.clear();
    while (true) {
      if (client.read(input) < 0) {
        throw new EOFException();
      }
      String head = ISO_8859_1.decode(input.duplicate().flip()).toString();
      if (head.endsWith("\r\n\r\n")) {
        return head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
      }
    }
  }

  private static void respond(SocketChannel client, FileChannel file) throws IOException {
    long size = file.size();
    ByteBuffer head =
        ISO_8859_1.encode(
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                + size
                + "\r\n\r\n");
    while (head.hasRemaining()) {
      client.write(head);
    }
    for (long at = 0; at < size; ) {
      at += file.transferTo(at, size - at, client);
    }
  }
}

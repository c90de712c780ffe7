package dev.sluice.bench.slow;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The peers of one server. Each takes a little at every turn, as a peer on a slow line does. */
final class Peers implements Closeable {
  private static final int TURN_MILLIS = 20;
  private static final int RECEIVE_BUFFER = 64 * 1024;

  /** The bytes that a peer takes at a turn: 200 kB/s for each peer. */
  private static final int TURN_BYTES = 4096;

  private final ServerSocketChannel listener;
  private final List<SocketChannel> connections = new ArrayList<>();

  Peers(int count) throws IOException {
    listener = ServerSocketChannel.open();
    listener.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), count);
  }

  int port() {
    return listener.socket().getLocalPort();
  }

  /** Accepts the connections of a server. Fails when the server ends before. */
  void accept(int count, Process server) throws IOException, InterruptedException {
    listener.configureBlocking(false);
    while (connections.size() < count) {
      SocketChannel connection = listener.accept();
      if (connection == null) {
        if (!server.isAlive()) {
          throw new IOException("the server ended with " + server.exitValue());
        }
        Thread.sleep(1);
        continue;
      }
      connection.configureBlocking(false);
      connections.add(connection);
    }
  }

  /** The bytes that the peers got together, and the number of peers that got anything. */
  record Taken(long bytes, int served) {}

  /** Lets the peers take for so many milliseconds. */
  Taken take(long millis) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(TURN_BYTES);
    long[] taken = new long[connections.size()];
    long now = System.nanoTime();
    for (long end = now + millis * 1_000_000; now < end; now = System.nanoTime()) {
      for (int i = 0; i < taken.length; i++) {
        taken[i] += Math.max(0, connections.get(i).read(buffer.clear()));
      }
      long left = TURN_MILLIS - (System.nanoTime() - now) / 1_000_000;
      Thread.sleep(Math.max(0, left));
    }
    long bytes = 0;
    int served = 0;
    for (long each : taken) {
      bytes += each;
      served += each > 0 ? 1 : 0;
    }
    return new Taken(bytes, served);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}

package dev.sluice.tests.transfer;

import com.sun.management.ThreadMXBean;
import dev.sluice.Sluice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The child of {@code AllocationTest}: sends a file to a socket in non-blocking mode, as an event
 * loop does, and prints how many bytes the last calls allocated on the heap. Half of the calls fill
 * the socket, the other half find it full.
 */
final class EventLoopBytes {
  private static final int CALLS = 200;
  private static final int MOST_SERIES = 100;
  private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(1 << 20);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private EventLoopBytes() {}

  /** The argument is a file that is larger than the buffers of a connection. */
  public static void main(String[] arguments) throws IOException {
    Sluice.ensureAvailable();
    try (FileChannel file = FileChannel.open(Path.of(arguments[0]));
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel peer = SocketChannel.open(server.getLocalAddress());
      SocketChannel socket = server.accept();
      socket.configureBlocking(false);
      long least = Long.MAX_VALUE;
      for (int series = 0; series < MOST_SERIES && least > 0; series++) {
        least = Math.min(least, allocated(file, socket, peer));
      }
      System.out.println("allocated " + least + " bytes in " + CALLS + " calls");
    }
    System.exit(0);
  }

  private static long allocated(FileChannel file, SocketChannel socket, SocketChannel peer)
      throws IOException {
    long size = file.size();
    long sum = 0;
    for (int i = 0; i < CALLS / 2; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long moved = Sluice.transferTo(file, 0, size, socket);
      moved += Sluice.transferTo(file, moved, size - moved, socket);
      sum += THREADS.getCurrentThreadAllocatedBytes() - before;
      if (moved == size) {
        throw new IOException("the buffers of the connection hold the whole file");
      }
      drain(peer, moved);
    }
    return sum;
  }

  private static void drain(SocketChannel peer, long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      BUFFER.clear().limit((int) Math.min(left, BUFFER.capacity()));
      left -= peer.read(BUFFER);
    }
  }
}

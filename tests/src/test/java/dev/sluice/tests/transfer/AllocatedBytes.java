package dev.sluice.tests.transfer;

import com.sun.management.ThreadMXBean;
import dev.sluice.Sluice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The child of {@code AllocationTest}: makes small transfers, and prints how many bytes the last
 * ones allocated on the heap. The first ones load classes and what else they meet first.
 */
final class AllocatedBytes {
  private static final int BYTES = 512;
  private static final int CALLS = 2_000;
  private static final int MOST_SERIES = 20;
  private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(BYTES);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocatedBytes() {}

  /** The argument is a pair of kinds, such as {@code socket-pipe}. */
  public static void main(String[] arguments) throws IOException {
    Sluice.ensureAvailable();
    String[] kinds = arguments[0].split("-");
    Ends source = Ends.of(kinds[0]);
    Ends target = Ends.of(kinds[1]);
    long least = Long.MAX_VALUE;
    for (int series = 0; series < MOST_SERIES && least > 0; series++) {
      least = Math.min(least, allocated(source, target));
    }
    System.out.println("allocated " + least + " bytes in " + CALLS + " calls");
    System.exit(0);
  }

  private static long allocated(Ends source, Ends target) throws IOException {
    long sum = 0;
    for (int i = 0; i < CALLS; i++) {
      source.fill();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long moved = Sluice.transfer(source.source, target.target, BYTES);
      sum += THREADS.getCurrentThreadAllocatedBytes() - before;
      if (moved != BYTES) {
        throw new IOException(moved + " bytes");
      }
      target.drain();
    }
    return sum;
  }

  /** Both ends of a connection or a pipe: what is written to one is read from the other. */
  private record Ends(ReadableByteChannel source, WritableByteChannel target) {
    static Ends of(String kind) throws IOException {
      return switch (kind) {
        case "socket" -> socket();
        case "pipe" -> pipe();
        default -> throw new IllegalArgumentException(kind);
      };
    }

    private static Ends socket() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel near = SocketChannel.open(server.getLocalAddress());
        return new Ends(server.accept(), near);
      }
    }

    private static Ends pipe() throws IOException {
      Pipe pipe = Pipe.open();
      return new Ends(pipe.source(), pipe.sink());
    }

    void fill() throws IOException {
      BUFFER.clear();
      while (BUFFER.hasRemaining()) {
        target.write(BUFFER);
      }
    }

    void drain() throws IOException {
      BUFFER.clear();
      while (BUFFER.hasRemaining()) {
        source.read(BUFFER);
      }
    }
  }
}

package dev.sluice.bench.slow;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.bench.process.ThreadKind;
import dev.sluice.bench.selector.SocketSend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The process of the server. A thread for each connection sends a file over and over. The process
 * prints its CPU time in nanoseconds and the most carriers that were seen, and ends then, even if a
 * transfer hangs.
 */
final class Server {
  /** The send buffer that a server with many connections sets: 1,000 times 4 MiB would not fit. */
  private static final int SEND_BUFFER = 64 * 1024;

  private static final int LOOK_MILLIS = 50;

  private Server() {}

  /** Arguments: port, file, connections, milliseconds, warm-up, the way, the kind of threads. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    Path path = Path.of(arguments[1]);
    int connections = Integer.parseInt(arguments[2]);
    long millis = Long.parseLong(arguments[3]);
    long warmUpMillis = Long.parseLong(arguments[4]);
    Way way = Way.valueOf(arguments[5]);
    ThreadKind threads = ThreadKind.valueOf(arguments[6]);

    List<SocketChannel> sockets = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      SocketChannel socket = SocketChannel.open();
      socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      sockets.add(socket);
    }
    for (SocketChannel socket : sockets) {
      threads.start(() -> send(path, way.call(), socket));
    }
    Thread.sleep(warmUpMillis);
    long cpu = cpuNanos();
    int carriers = 0;
    for (long end = System.nanoTime() + millis * 1_000_000; System.nanoTime() < end; ) {
      Thread.sleep(LOOK_MILLIS);
      carriers = Math.max(carriers, carriers());
    }
    System.out.println((cpuNanos() - cpu) + " " + carriers);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void send(Path path, SocketSend call, SocketChannel socket) {
    try (FileChannel file = FileChannel.open(path)) {
      long size = file.size();
      while (true) {
        for (long at = 0; at < size; ) {
          at += call.send(file, at, size - at, socket);
        }
      }
    } catch (IOException e) {
      // The peer has closed the connection, because the time is over.
    }
  }

  private static int carriers() {
    Thread[] threads = new Thread[Thread.activeCount() + 2_000];
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    int count = root.enumerate(threads);
    int carriers = 0;
    for (int i = 0; i < count; i++) {
      if (threads[i].getClass().getSimpleName().equals("CarrierThread")) {
        carriers++;
      }
    }
    return carriers;
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}

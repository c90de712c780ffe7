package dev.sluice.tests.channel;

import dev.sluice.Sluice;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two carriers serve a thousand virtual threads, each of which waits for a slow peer. */
@Tag("both-guards")
class VirtualThreadPeersTest extends VirtualThreadFixture {
  @Test
  void aThousandSendToAThousandSlowPeersOnTwoCarriers() throws Exception {
    run(2, Thousand.class);
  }

  /** None of them answers 0, though each has read and written by itself before. */
  static final class Thousand {
    private static final int PEERS = 1_000;
    private static final int SIZE = 200_000;
    private static final int TURN_BYTES = 8_192;

    public static void main(String[] arguments) throws Exception {
      byte[] content = new byte[SIZE];
      new Random(7).nextBytes(content);
      Path path = Files.write(Path.of(arguments[0], "content"), content);
      List<SocketChannel> peers = new ArrayList<>();
      List<Thread> senders = new ArrayList<>();
      AtomicLong zeros = new AtomicLong();
      AtomicLong sent = new AtomicLong();
      try (FileChannel file = FileChannel.open(path);
          ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PEERS);
        for (int i = 0; i < PEERS; i++) {
          SocketChannel near = SocketChannel.open();
          near.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
          near.connect(listener.getLocalAddress());
          SocketChannel far = listener.accept();
          peers.add(far);
          senders.add(VirtualThreads.start(() -> send(file, near, zeros, sent)));
        }
        long expected = crc(content);
        receive(peers, expected);
        for (Thread sender : senders) {
          sender.join();
        }
      }
      check(zeros.get() == 0, zeros + " transfers to a blocking socket answered 0");
      check(sent.get() == (long) PEERS * SIZE, sent + " bytes were sent");
    }

    private static void send(
        FileChannel file, SocketChannel socket, AtomicLong zeros, AtomicLong sent) {
      try (socket) {
        // The JDK makes the descriptor non-blocking at the first read of a virtual thread.
        socket.write(ByteBuffer.allocate(1));
        socket.read(ByteBuffer.allocate(1));
        for (long at = 0; at < SIZE; ) {
          long moved = Sluice.transferTo(file, at, SIZE - at, socket);
          if (moved == 0) {
            zeros.incrementAndGet();
          }
          at += moved;
          sent.addAndGet(moved);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void receive(List<SocketChannel> peers, long expected) throws Exception {
      List<CRC32> sums = new ArrayList<>();
      for (SocketChannel peer : peers) {
        peer.read(ByteBuffer.allocate(1));
        peer.write(ByteBuffer.allocate(1));
        peer.configureBlocking(false);
        sums.add(new CRC32());
      }
      ByteBuffer buffer = ByteBuffer.allocate(TURN_BYTES);
      for (int open = peers.size(); open > 0; ) {
        for (int i = 0; i < peers.size(); i++) {
          SocketChannel peer = peers.get(i);
          int read = peer.isOpen() ? peer.read(buffer.clear()) : 0;
          if (read < 0) {
            peer.close();
            open--;
          }
          sums.get(i).update(buffer.array(), 0, Math.max(0, read));
        }
        Thread.sleep(2);
      }
      for (CRC32 sum : sums) {
        check(sum.getValue() == expected, "other bytes arrived");
      }
    }

    private static long crc(byte[] content) {
      CRC32 sum = new CRC32();
      sum.update(content);
      return sum.getValue();
    }
  }
}

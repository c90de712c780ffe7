package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Composite;
import dev.sluice.TransferOption;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.measure.TcpInfo;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which segments of TCP a response leaves in, as the kernel counts them. */
@Tag("both-guards")
class CompositeSegmentsTest {
  private static final int HEAD = 200;

  /** A file that goes by a call of its own, and with a head and a trailer into one segment. */
  private static final int LARGER = 20_000;

  private static final int STALLING = 24 << 20;

  @TempDir Path directory;

  @BeforeAll
  static void load() throws IOException {
    NativeLibrary.load();
  }

  private static FileChannel file(ChannelKinds channels, int size) throws IOException {
    return channels.keep(FileChannel.open(channels.path("part", new byte[size])));
  }

  /**
   * A pair whose near end sends at once. A segment on the loopback has room for all that is sent.
   */
  private static SocketChannel[] pair(ChannelKinds channels) throws IOException {
    SocketChannel[] pair = channels.tcp();
    InetSocketAddress local = (InetSocketAddress) pair[0].getLocalAddress();
    NetworkInterface loopback = NetworkInterface.getByInetAddress(local.getAddress());
    assumeTrue(loopback != null && loopback.getMTU() >= 1 << 16, "needs a loopback of 64 KiB");
    pair[0].setOption(StandardSocketOptions.TCP_NODELAY, true);
    return pair;
  }

  private interface Sending {
    void run() throws IOException;
  }

  private static long segments(SocketChannel socket, Sending sending) throws IOException {
    long before = TcpInfo.dataSegmentsOut(socket);
    sending.run();
    return TcpInfo.dataSegmentsOut(socket) - before;
  }

  @Test
  void aHeadAndAFileThatFitAreOneSegmentWhereNioSendsTwo() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      for (int size : new int[] {1, 4096, LARGER}) {
        FileChannel file = file(channels, size);
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        Composite composite = Composite.of(head).add(file, 0, size);
        assertEquals(1, segments(pair[0], () -> composite.sendTo(pair[0])), "of " + size);
        long byNio =
            segments(
                pair[0],
                () -> {
                  pair[0].write(head);
                  file.transferTo(0, size, pair[0]);
                });
        assertEquals(2, byNio, "of " + size);
        ByteBuffer arrived = ByteBuffer.allocate(2 * (HEAD + size));
        while (arrived.hasRemaining()) {
          pair[1].read(arrived);
        }
      }
    }
  }

  @Test
  void aFileBeforeOtherPartsDoesNotLeaveWithoutThem() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      FileChannel file = file(channels, LARGER);
      Composite composite =
          Composite.of(ByteBuffer.allocate(HEAD)).add(file, 0, LARGER).add(ByteBuffer.allocate(50));
      assertEquals(1, segments(pair[0], () -> composite.sendTo(pair[0])));
      assertFalse(TcpInfo.isCorked(pair[0]));
      Composite head = Composite.of(ByteBuffer.allocate(HEAD)).add(file, 0, LARGER);
      Composite trailer = Composite.of(ByteBuffer.allocate(50));
      long apart =
          segments(
              pair[0],
              () -> {
                head.sendTo(pair[0]);
                trailer.sendTo(pair[0]);
              });
      assertEquals(2, apart);
    }
  }

  @Test
  void theCorkIsGoneAfterEveryEnd() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      Composite limited = stalling(file(channels, STALLING));
      limited.sendTo(pair[0], TransferOption.within(Duration.ofMillis(100)));
      assertTrue(limited.remaining() > 0);
      assertFalse(TcpInfo.isCorked(pair[0]));
      pair[0].configureBlocking(false);
      while (limited.sendTo(pair[0]) > 0) {
        assertFalse(TcpInfo.isCorked(pair[0]));
      }
      assertFalse(TcpInfo.isCorked(pair[0]));
    }
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      Path path = channels.path("cut", new byte[STALLING]);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      Composite cut = stalling(file);
      cut.sendTo(pair[0], TransferOption.within(Duration.ofMillis(100)));
      file.truncate(1);
      FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertThrows(EOFException.class, () -> cut.sendTo(pair[0]));
      assertFalse(TcpInfo.isCorked(pair[0]));
      // No duplicate keeps the connection open.
      pair[0].close();
      arrived.get(20, TimeUnit.SECONDS);
    }
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      Composite reset = stalling(file(channels, STALLING));
      reset.sendTo(pair[0], TransferOption.within(Duration.ofMillis(100)));
      pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
      pair[1].close();
      assertThrows(IOException.class, () -> reset.sendTo(pair[0]));
      assertFalse(TcpInfo.isCorked(pair[0]));
    }
  }

  @Test
  void aCloseInTheMiddleEndsTheConnection() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = pair(channels);
      Composite composite = stalling(file(channels, STALLING));
      FutureTask<Long> sent = ChannelPair.started(() -> composite.sendTo(pair[0]));
      // Until some of the file has come.
      pair[1].read(ByteBuffer.allocate(HEAD + 1));
      pair[0].close();
      assertThrows(Exception.class, () -> sent.get(20, TimeUnit.SECONDS));
      ChannelPair.started(() -> ChannelPair.drain(pair[1])).get(20, TimeUnit.SECONDS);
    }
  }

  private static Composite stalling(FileChannel file) {
    return Composite.of(ByteBuffer.allocate(HEAD))
        .add(file, 0, STALLING)
        .add(ByteBuffer.allocate(50));
  }

  /** Without TCP_NODELAY on either side, as channels are by default. */
  @Test
  void aResponseWaitsForNoAcknowledgement() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel file = file(channels, 4096);
      int responses = 100;
      FutureTask<Long> server =
          ChannelPair.started(
              () -> {
                ByteBuffer request = ByteBuffer.allocate(1);
                for (int each = 0; each < responses; each++) {
                  pair[0].read(request.clear());
                  Composite.of(ByteBuffer.allocate(HEAD)).add(file, 0, 4096).sendTo(pair[0]);
                }
                return 0L;
              });
      long[] nanos = new long[responses];
      for (int each = 0; each < responses; each++) {
        long begun = System.nanoTime();
        pair[1].write(ByteBuffer.allocate(1));
        ByteBuffer response = ByteBuffer.allocate(HEAD + 4096);
        while (response.hasRemaining()) {
          assertTrue(pair[1].read(response) > 0);
        }
        nanos[each] = System.nanoTime() - begun;
      }
      server.get(20, TimeUnit.SECONDS);
      Arrays.sort(nanos);
      long micros = nanos[responses / 2] / 1000;
      System.out.println("a response of 4 KiB without TCP_NODELAY: " + micros + " microseconds");
      // Nagle's algorithm and a delayed acknowledgement together take 40 ms.
      assertTrue(micros < 5000, micros + " microseconds");
    }
  }
}

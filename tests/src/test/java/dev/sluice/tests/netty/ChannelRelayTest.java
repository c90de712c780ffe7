package dev.sluice.tests.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.netty.ChannelRelay;
import dev.sluice.tests.support.ChannelPair;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two channels of Netty, both ways. */
class ChannelRelayTest {
  private static final int SIZE = 12 << 20;

  private final byte[] content = new byte[SIZE];
  private final byte[] answer = new byte[2 * SIZE];

  ChannelRelayTest() {
    new Random(6).nextBytes(content);
    new Random(7).nextBytes(answer);
  }

  private static FutureTask<byte[]> reading(SocketChannel client) {
    return ChannelPair.started(() -> ChannelPair.drain(client));
  }

  private static void assertFails(Class<? extends Throwable> expected, Future<Void> ended)
      throws InterruptedException {
    assertTrue(ended.await(20, TimeUnit.SECONDS), "the relay goes on");
    assertInstanceOf(expected, ended.cause());
  }

  private void bothWays(RegionServer ofA, RegionServer ofB) throws Exception {
    try (RegionServer.Connection a = ofA.connect();
        RegionServer.Connection b = ofB.connect()) {
      ChannelRelay relay = ChannelRelay.between(a.channel(), b.channel());
      Future<Void> ended = relay.run();
      FutureTask<byte[]> atB = reading(b.client());
      a.sending(content, true);
      assertArrayEquals(content, atB.get(20, TimeUnit.SECONDS));
      assertFalse(ended.isDone());
      // The other way goes on after the first has ended, and waits for room.
      b.sending(answer, true);
      Thread.sleep(200);
      assertArrayEquals(answer, reading(a.client()).get(20, TimeUnit.SECONDS));
      assertTrue(ended.await(20, TimeUnit.SECONDS));
      assertTrue(ended.isSuccess(), () -> String.valueOf(ended.cause()));
      assertEquals(SIZE, relay.toB());
      assertEquals(answer.length, relay.toA());
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothWaysWithAHalfClose(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false)) {
      bothWays(server, server);
    }
  }

  @ParameterizedTest
  @EnumSource
  void betweenTwoEventLoops(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer one = new RegionServer(transport, false);
        RegionServer other = new RegionServer(transport, false)) {
      bothWays(one, other);
    }
  }

  /** No buffer has the bytes where the other socket has room. */
  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void theKernelMovesThem(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      Counting allocator = new Counting(a.channel().alloc());
      a.channel().config().setAllocator(allocator);
      b.channel().config().setAllocator(allocator);
      ChannelRelay relay = ChannelRelay.between(a.channel(), b.channel());
      relay.run();
      ByteBuffer piece = ByteBuffer.allocate(10_000);
      for (int round = 0; round < 100; round++) {
        exchange(a.client(), b.client(), piece);
        exchange(b.client(), a.client(), piece);
      }
      // What has arrived is counted a moment later.
      a.channel().eventLoop().submit(() -> {}).sync();
      assertEquals(1_000_000, relay.toA());
      assertEquals(1_000_000, relay.toB());
      assertTrue(allocator.buffers < 20, allocator.buffers + " buffers");
      relay.close();
    }
  }

  private static void exchange(SocketChannel from, SocketChannel to, ByteBuffer piece)
      throws IOException {
    piece.clear();
    while (piece.hasRemaining()) {
      from.write(piece);
    }
    piece.clear();
    while (piece.hasRemaining() && to.read(piece) >= 0) {}
  }

  /** Who reads nothing holds up the sender, and gets all in the end. */
  @ParameterizedTest
  @EnumSource
  void aPeerThatDoesNotReadHoldsUpTheOther(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      ChannelRelay relay = ChannelRelay.between(a.channel(), b.channel());
      relay.run();
      AtomicLong sent = new AtomicLong();
      long all = 64L << 20;
      FutureTask<Void> sender =
          ChannelPair.started(
              () -> {
                ByteBuffer piece = ByteBuffer.allocate(1 << 16);
                while (sent.get() < all) {
                  piece.clear();
                  while (piece.hasRemaining()) {
                    sent.addAndGet(a.client().write(piece));
                  }
                }
                a.client().shutdownOutput();
                return null;
              });
      long before = -1;
      while (sent.get() != before) {
        before = sent.get();
        Thread.sleep(300);
      }
      assertTrue(before < all, "all " + all + " bytes lie somewhere");
      assertEquals(all, reading(b.client()).get(30, TimeUnit.SECONDS).length);
      sender.get(20, TimeUnit.SECONDS);
      b.channel().eventLoop().submit(() -> {}).sync();
      assertEquals(all, relay.toB());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResetIsSeenByTheOtherPeer(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      Future<Void> ended = ChannelRelay.between(a.channel(), b.channel()).run();
      exchange(a.client(), b.client(), ByteBuffer.allocate(1000));
      a.client().setOption(StandardSocketOptions.SO_LINGER, 0);
      a.client().close();
      assertFails(IOException.class, ended);
      IOException seen =
          assertThrows(IOException.class, () -> b.client().read(ByteBuffer.allocate(10)));
      assertTrue(seen.getMessage().contains("reset"), seen.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLimitAndACloseLeaveBothChannelsAsTheyWere(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      Future<Void> idle =
          ChannelRelay.between(a.channel(), b.channel()).idle(Duration.ofMillis(200)).run();
      exchange(a.client(), b.client(), ByteBuffer.allocate(1000));
      assertFails(TimeoutException.class, idle);
      ChannelRelay closed = ChannelRelay.between(a.channel(), b.channel());
      Future<Void> run = closed.run();
      exchange(b.client(), a.client(), ByteBuffer.allocate(1000));
      closed.close();
      assertFails(CancellationException.class, run);
      a.channel().eventLoop().submit(() -> {}).sync();
      assertTrue(a.channel().isActive() && b.channel().isActive());
      assertFalse(a.channel().config().isAutoRead());
      assertTrue(a.channel().pipeline().last() == null);
      assertTrue(a.send(Unpooled.wrappedBuffer(new byte[] {9})).isSuccess());
      ByteBuffer one = ByteBuffer.allocate(10);
      a.client().read(one);
      assertEquals(9, one.get(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelThatIsClosedEndsItAndTheOtherLives(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      Future<Void> ended = ChannelRelay.between(a.channel(), b.channel()).run();
      exchange(a.client(), b.client(), ByteBuffer.allocate(1000));
      a.channel().close().sync();
      assertFails(ClosedChannelException.class, ended);
      assertTrue(b.channel().isActive());
      assertFails(
          ClosedChannelException.class, ChannelRelay.between(a.channel(), b.channel()).run());
    }
  }

  /** As TLS is: what is relayed is what comes out of the handler. */
  @ParameterizedTest
  @EnumSource
  void whatAHandlerDecodesIsRelayedAsItDecodesIt(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      Channel channel = a.channel();
      channel.pipeline().addLast(new Inverting());
      ChannelRelay relay = ChannelRelay.between(channel, b.channel());
      Future<Void> ended = relay.run();
      FutureTask<byte[]> atB = reading(b.client());
      FutureTask<byte[]> atA = reading(a.client());
      a.sending(Inverting.inverted(content), true);
      b.sending(answer, true);
      assertArrayEquals(content, atB.get(20, TimeUnit.SECONDS));
      assertArrayEquals(answer, atA.get(20, TimeUnit.SECONDS));
      assertTrue(ended.await(20, TimeUnit.SECONDS) && ended.isSuccess());
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    try (RegionServer server = new RegionServer(Transport.NIO, false);
        RegionServer.Connection a = server.connect();
        RegionServer.Connection b = server.connect()) {
      assertThrows(NullPointerException.class, () -> ChannelRelay.between(null, b.channel()));
      assertThrows(
          IllegalArgumentException.class, () -> ChannelRelay.between(a.channel(), a.channel()));
      ChannelRelay relay = ChannelRelay.between(a.channel(), b.channel());
      assertThrows(IllegalArgumentException.class, () -> relay.idle(Duration.ZERO));
      relay.run();
      assertThrows(IllegalStateException.class, relay::run);
      assertThrows(IllegalStateException.class, () -> relay.idle(Duration.ofSeconds(1)));
      relay.close();
      relay.close();
    }
  }
}

package dev.sluice.tests.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.netty.FileReceiver;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads by Netty. */
class FileReceiverTest {
  private static final int SIZE = 9 << 20;

  @TempDir Path directory;
  private Path path;
  private FileChannel file;
  private final byte[] content = new byte[SIZE];

  @BeforeEach
  void open() throws IOException {
    new Random(4).nextBytes(content);
    path = Files.createFile(directory.resolve("upload"));
    file = FileChannel.open(path, ChannelKinds.readWrite());
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  private static long received(Future<Long> future) throws Exception {
    assertTrue(future.await(20, TimeUnit.SECONDS), "nothing in 20 s");
    return future.get();
  }

  @ParameterizedTest
  @EnumSource
  void allUntilTheEndIsReceivedAndAnswered(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      Counting allocator = new Counting(channel.alloc());
      channel.config().setAllocator(allocator);
      Future<Long> future = FileReceiver.receive(channel, file, 11, Long.MAX_VALUE);
      connection.sending(content, true);
      assertEquals(SIZE, received(future));
      byte[] expected = new byte[SIZE + 11];
      System.arraycopy(content, 0, expected, 11, SIZE);
      assertArrayEquals(expected, Files.readAllBytes(path));
      if (transport != Transport.IO_URING) {
        assertTrue(allocator.buffers < 50, allocator.buffers + " buffers for " + SIZE + " bytes");
      }
      assertTrue(connection.send(Unpooled.wrappedBuffer(new byte[] {2, 0, 1})).isSuccess());
      channel.close().sync();
      assertArrayEquals(new byte[] {2, 0, 1}, ChannelPair.drain(connection.client()));
      assertFalse(channel.config().isAutoRead());
    }
  }

  /** Not a byte more: what follows belongs to the next handler. */
  @ParameterizedTest
  @EnumSource
  void whatFollowsIsLeftToTheNextHandler(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      FutureTask<Void> sent = connection.sending(content, true);
      int first = SIZE / 2 + 1;
      Collecting rest = new Collecting();
      Future<Long> future = FileReceiver.receive(channel, file, 0, first);
      future.addListener(
          done -> {
            channel.pipeline().addLast(rest);
            channel.config().setAutoRead(true);
          });
      assertEquals(first, received(future));
      sent.get(20, TimeUnit.SECONDS);
      assertArrayEquals(Arrays.copyOf(content, first), Files.readAllBytes(path));
      assertArrayEquals(Arrays.copyOfRange(content, first, SIZE), rest.all());
    }
  }

  /** As a decoder of TLS does: what the file gets is what comes out of it. */
  @ParameterizedTest
  @EnumSource
  void whatAHandlerDecodesIsReceivedAsItDecodesIt(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      channel.pipeline().addLast(new Inverting());
      Future<Long> future = FileReceiver.receive(channel, file, 0, SIZE);
      connection.sending(Inverting.inverted(content), false);
      assertEquals(SIZE, received(future));
      assertArrayEquals(content, Files.readAllBytes(path));
    }
  }

  /** What is written meanwhile, out of the heap, does not disturb the upload. */
  @ParameterizedTest
  @EnumSource
  void bothDirectionsAtOnce(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      Future<Long> future = FileReceiver.receive(channel, file, 0, SIZE);
      FutureTask<Void> sent = connection.sending(content, false);
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      FutureTask<byte[]> answer = ChannelPair.started(() -> read(connection.client(), 200 * 1000));
      for (int i = 0; i < 200; i++) {
        byte[] piece = new byte[1000];
        Arrays.fill(piece, (byte) i);
        written.write(piece);
        assertTrue(connection.send(Unpooled.wrappedBuffer(piece)).isSuccess());
      }
      assertEquals(SIZE, received(future));
      sent.get(20, TimeUnit.SECONDS);
      assertArrayEquals(content, Files.readAllBytes(path));
      assertArrayEquals(written.toByteArray(), answer.get(20, TimeUnit.SECONDS));
    }
  }

  private static byte[] read(SocketChannel client, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining() && client.read(buffer) >= 0) {}
    return buffer.array();
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatIsCutOffFailsIt(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      Future<Long> future = FileReceiver.receive(channel, file, 0, SIZE);
      connection.sending(Arrays.copyOf(content, 1 << 20), false).get(20, TimeUnit.SECONDS);
      while (file.size() < 1 << 20) {
        Thread.onSpinWait();
      }
      connection.client().setOption(StandardSocketOptions.SO_LINGER, 0);
      connection.client().close();
      assertTrue(future.await(20, TimeUnit.SECONDS));
      assertInstanceOf(IOException.class, future.cause());
      assertArrayEquals(Arrays.copyOf(content, 1 << 20), Files.readAllBytes(path));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatComesEarlyIsTheCount(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Future<Long> future = FileReceiver.receive(connection.channel(), file, 0, SIZE);
      connection.channel().eventLoop().submit(() -> {}).sync();
      connection.sending(Arrays.copyOf(content, 12_345), true);
      assertEquals(12_345, received(future));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatCameBeforeIsNoWait(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      connection.channel().config().setAutoRead(true);
      connection.client().shutdownOutput();
      DuplexChannel channel = (DuplexChannel) connection.channel();
      while (!channel.isInputShutdown()) {
        Thread.onSpinWait();
      }
      assertEquals(0, received(FileReceiver.receive(channel, file, 0, SIZE)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsClosedOrReadOnlyFailsItAndTheChannelLives(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect();
        FileChannel readOnly = FileChannel.open(path)) {
      Channel channel = connection.channel();
      Future<Long> future = FileReceiver.receive(channel, readOnly, 0, SIZE);
      connection.sending(new byte[100], false);
      assertTrue(future.await(20, TimeUnit.SECONDS));
      assertInstanceOf(NonWritableChannelException.class, future.cause());
      file.close();
      Future<Long> closed = FileReceiver.receive(channel, file, 0, SIZE);
      assertTrue(closed.await(20, TimeUnit.SECONDS));
      assertInstanceOf(ClosedChannelException.class, closed.cause());
      assertTrue(channel.isActive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondReceiverIsRefusedAndACancelEndsTheFirst(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      Future<Long> first = FileReceiver.receive(channel, file, 0, SIZE);
      Future<Long> second = FileReceiver.receive(channel, file, 0, SIZE);
      assertTrue(second.await(20, TimeUnit.SECONDS));
      assertInstanceOf(IllegalStateException.class, second.cause());
      first.cancel(false);
      channel.eventLoop().submit(() -> {}).sync();
      channel.eventLoop().submit(() -> {}).sync();
      Collecting rest = new Collecting();
      channel.eventLoop().submit(() -> channel.pipeline().addLast(rest)).sync();
      channel.config().setAutoRead(true);
      connection.sending(Arrays.copyOf(content, 1000), true);
      assertArrayEquals(Arrays.copyOf(content, 1000), rest.all());
      assertEquals(0, file.size());
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    try (RegionServer server = new RegionServer(Transport.NIO, false);
        RegionServer.Connection connection = server.connect()) {
      Channel channel = connection.channel();
      assertThrows(NullPointerException.class, () -> FileReceiver.receive(null, file, 0, 1));
      assertThrows(NullPointerException.class, () -> FileReceiver.receive(channel, null, 0, 1));
      assertThrows(
          IllegalArgumentException.class, () -> FileReceiver.receive(channel, file, -1, 1));
      assertThrows(
          IllegalArgumentException.class, () -> FileReceiver.receive(channel, file, 0, -1));
      assertEquals(0, received(FileReceiver.receive(channel, file, 0, 0)));
      channel.close().sync();
      Future<Long> closed = FileReceiver.receive(channel, file, 0, 1);
      assertTrue(closed.await(20, TimeUnit.SECONDS));
      assertInstanceOf(ClosedChannelException.class, closed.cause());
    }
  }

  /** Collects what it is given until the end. */
  private static final class Collecting extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);

    byte[] all() throws InterruptedException {
      assertTrue(ended.await(20, TimeUnit.SECONDS), "no end in 20 s");
      return bytes.toByteArray();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf read = (ByteBuf) message;
      byte[] copy = new byte[read.readableBytes()];
      read.readBytes(copy).release();
      bytes.writeBytes(copy);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ended.countDown();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended.countDown();
    }
  }
}

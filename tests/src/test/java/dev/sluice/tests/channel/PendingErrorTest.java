package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel tells a socket's error once. No transfer loses it, and its class and text are the
 * JDK's.
 */
@Tag("both-guards")
@Tag("emulated")
class PendingErrorTest {
  private static final int BYTES = 100_000;

  @TempDir Path directory;

  private interface Receive {
    long from(SocketChannel source, FileChannel file, SocketChannel target) throws IOException;
  }

  @Test
  void aResetBehindTheLastByteIsToldByTheNextCallIntoAFile() throws Exception {
    assertResetIsTold((source, file, target) -> Sluice.transferFrom(file, source, 0, 1 << 20));
  }

  @Test
  void aResetBehindTheLastByteIsToldByTheNextCallBetweenChannels() throws Exception {
    assertResetIsTold((source, file, target) -> Sluice.transfer(source, file, 1 << 20));
  }

  @Test
  void aResetBehindTheLastByteIsToldByTheNextCallBetweenSockets() throws Exception {
    assertResetIsTold((source, file, target) -> Sluice.transfer(source, target, 1 << 20));
  }

  private void assertResetIsTold(Receive receive) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] source = channels.tcp();
      SocketChannel[] target = channels.tcp();
      FileChannel file =
          channels.keep(
              FileChannel.open(channels.path("target", new byte[0]), ChannelKinds.readWrite()));
      FutureTask<Long> first = ChannelPair.started(() -> receive.from(source[1], file, target[0]));
      source[0].write(ByteBuffer.allocate(BYTES));
      Thread.sleep(200);
      reset(source[0]);
      assertEquals(BYTES, first.get());
      for (int i = 0; i < 2; i++) {
        SocketException told =
            assertThrows(SocketException.class, () -> receive.from(source[1], file, target[0]));
        assertEquals("Connection reset", told.getMessage());
      }
      SocketException byNio =
          assertThrows(SocketException.class, () -> source[1].read(ByteBuffer.allocate(10)));
      assertEquals("Connection reset", byNio.getMessage());
    }
  }

  @Test
  void aResetThatASendMeetsIsToldAsByNioAndOnlyThenABrokenPipe() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = channels.keep(FileChannel.open(channels.path("source", new byte[BYTES])));
      for (int count : new int[] {4096, BYTES}) {
        for (boolean blocking : new boolean[] {true, false}) {
          SocketChannel[] pair = channels.tcp();
          pair[0].configureBlocking(blocking);
          reset(pair[1]);
          Thread.sleep(50);
          assertIoException("Connection reset by peer", file, count, pair[0]);
          assertIoException("Broken pipe", file, count, pair[0]);
        }
      }
    }
  }

  private static void assertIoException(
      String text, FileChannel file, int count, SocketChannel target) {
    IOException told =
        assertThrows(IOException.class, () -> Sluice.transferTo(file, 0, count, target));
    assertEquals(IOException.class, told.getClass());
    assertEquals(text, told.getMessage());
  }

  /** As a server does that refuses an upload. */
  @Test
  void whatThePeerSentBeforeItsResetCanStillBeRead() throws Exception {
    byte[] answer = "413 Content Too Large".getBytes(StandardCharsets.US_ASCII);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("source", new byte[32 << 20]);
      FileChannel file = channels.keep(FileChannel.open(path));
      SocketChannel[] pair = channels.tcp();
      FutureTask<Long> upload =
          ChannelPair.started(() -> Sluice.transferTo(file, 0, 32 << 20, pair[0]));
      pair[1].read(ByteBuffer.allocate(1 << 16));
      pair[1].write(ByteBuffer.wrap(answer));
      Thread.sleep(100);
      pair[1].close();
      assertTrue(upload.get() > 0);
      ByteBuffer read = ByteBuffer.allocate(100);
      assertEquals(answer.length, pair[0].read(read));
    }
  }

  @Test
  void anUrgentByteIsNoEnd() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] source = channels.tcp();
      SocketChannel[] target = channels.tcp();
      FutureTask<Long> relay =
          ChannelPair.started(() -> Sluice.transfer(source[1], target[0], Long.MAX_VALUE));
      source[0].write(ByteBuffer.allocate(BYTES));
      Thread.sleep(50);
      source[0].socket().sendUrgentData(33);
      Thread.sleep(50);
      source[0].write(ByteBuffer.allocate(BYTES));
      source[0].shutdownOutput();
      ByteBuffer arrived = ByteBuffer.allocate(2 * BYTES);
      while (arrived.hasRemaining()) {
        assertTrue(target[1].read(arrived) > 0);
      }
      assertEquals(2 * BYTES, relay.get());
    }
  }

  private static void reset(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }
}

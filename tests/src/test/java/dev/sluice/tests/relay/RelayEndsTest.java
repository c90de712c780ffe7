package dev.sluice.tests.relay;

import static dev.sluice.tests.relay.RelayFixture.await;
import static dev.sluice.tests.relay.RelayFixture.failure;
import static dev.sluice.tests.relay.RelayFixture.fill;
import static dev.sluice.tests.relay.RelayFixture.inThread;
import static dev.sluice.tests.relay.RelayFixture.random;
import static dev.sluice.tests.relay.RelayFixture.receive;
import static dev.sluice.tests.relay.RelayFixture.receiveAll;
import static dev.sluice.tests.relay.RelayFixture.reset;
import static dev.sluice.tests.relay.RelayFixture.send;
import static dev.sluice.tests.relay.RelayFixture.stranded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.relay.RelayFixture.Kind;
import dev.sluice.tests.support.TimeLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay promises when a connection breaks, a channel is closed or a peer stalls. */
@Tag("both-guards")
class RelayEndsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aResetOfOnePeerIsTheResetOfTheOther(boolean ofClient) throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      SocketChannel breaking = ofClient ? the.client : the.server;
      SocketChannel other = ofClient ? the.server : the.client;
      FutureTask<Ending> run = the.started();
      send(breaking, random(1000));
      receive(other, 1000);
      reset(breaking);
      assertEquals("Connection reset", failure(run).getMessage());
      IOException seen = assertThrows(IOException.class, () -> receiveAll(other));
      assertTrue(seen.getMessage().contains("reset"), seen.toString());
      assertEquals(1000, ofClient ? the.relay.toB() : the.relay.toA());
      assertFalse(the.a.isOpen() || the.b.isOpen());
    }
  }

  /** The kernel has no resets of unix sockets, but their ends. */
  @Test
  void aUnixPeerThatLeavesWithoutReadingEndsTheOther() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.UNIX, directory)) {
      FutureTask<Ending> run = the.started();
      send(the.client, random(1000));
      await(() -> the.relay.toB() == 1000);
      the.server.close();
      failure(run);
      try {
        receiveAll(the.client);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("reset"), e.toString());
      }
    }
  }

  /** A peer that does not read is stalled, and so is the other in the end. */
  @Test
  void aResetOfAStalledPeerIsToldWithTheBytesThatAreLost() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      long sent = fill(the.client);
      reset(the.server);
      IOException failure = failure(run);
      assertTrue(the.relay.toB() + stranded(failure) <= sent, failure.toString());
      assertTrue(the.relay.toB() > 0);
      // The client's own bytes may still be in its send buffer. Its next read tells the reset.
      assertThrows(IOException.class, () -> receiveAll(the.client));
    }
  }

  /** The relay waits for room, and not for the peer that goes. */
  @Test
  void aResetOfAPeerWhoseBytesHaveNoRoomIsNoticed() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      fill(the.client);
      reset(the.client);
      assertTrue(failure(run).getMessage().startsWith("Connection reset"));
      assertThrows(IOException.class, () -> receiveAll(the.server));
    }
  }

  /** The relay waits for bytes for a peer that goes after it has ended its stream. */
  @Test
  void aResetOfAPeerThatHasEndedItsStreamIsNoticed() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      the.client.shutdownOutput();
      assertEquals(0, receiveAll(the.server).length);
      reset(the.client);
      failure(run);
      assertThrows(IOException.class, () -> send(the.server, random(10 << 20)));
    }
  }

  /** Its own bytes have no room, and the way to it has ended: no event tells of it. */
  @Test
  void aResetOfAPeerWhoseBytesHaveNoRoomIsNoticedAfterTheEndOfTheOther() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      the.client.shutdownOutput();
      assertEquals(0, receiveAll(the.server).length);
      fill(the.server);
      reset(the.server);
      assertTrue(failure(run).getMessage().startsWith("Connection reset"));
      assertThrows(IOException.class, () -> receiveAll(the.client));
    }
  }

  /** The same state, but the peer is at its end and not reset: nothing is lost. */
  @Test
  void anEndOfAPeerWhoseBytesHaveNoRoomIsNoError() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      the.client.shutdownOutput();
      assertEquals(0, receiveAll(the.server).length);
      long sent = fill(the.server);
      the.server.close();
      Thread.sleep(300);
      assertEquals(sent, receiveAll(the.client).length);
      assertEquals(Ending.PEER_CLOSED, run.get());
    }
  }

  /** Taken = delivered + stranded: what is left of the rest is in the socket. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noByteOfAStalledRelayIsLostWithoutAWord(boolean isIdle) throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      if (isIdle) {
        the.relay.idle(Duration.ofMillis(400));
      }
      FutureTask<Ending> run = the.started();
      long sent = fill(the.client);
      the.client.shutdownOutput();
      if (!isIdle) {
        the.relay.close();
      }
      long stranded = 0;
      try {
        assertEquals(isIdle ? Ending.TIMED_OUT : Ending.CANCELLED, run.get());
      } catch (ExecutionException e) {
        stranded = stranded(e.getCause());
        assertTrue(stranded > 0, e.toString());
      }
      FutureTask<byte[]> atServer = inThread(() -> receiveAll(the.server));
      long left = receiveAll(the.a).length;
      the.b.close();
      assertEquals(the.relay.toB(), atServer.get().length);
      assertEquals(sent, the.relay.toB() + stranded + left);
    }
  }

  @Test
  void aSlowReaderHoldsTheWriterBackAndGetsAll() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      long sent = fill(the.client);
      // What the kernel's four buffers hold, and a pipe.
      assertTrue(sent < 64 << 20, "the relay took " + sent);
      the.client.shutdownOutput();
      ByteBuffer part = ByteBuffer.allocate(100_000);
      long received = 0;
      for (int taken = 0; taken >= 0; taken = the.server.read(part.clear())) {
        received += taken;
      }
      the.server.close();
      assertEquals(Ending.PEER_CLOSED, run.get());
      assertEquals(sent, received);
      assertEquals(sent, the.relay.toB());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCloseOfAChannelEndsTheRelayAndLeavesTheOtherOpen(boolean ofA) throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      SocketChannel closed = ofA ? the.a : the.b;
      SocketChannel other = ofA ? the.b : the.a;
      FutureTask<Ending> run = the.started();
      send(the.client, random(10));
      receive(the.server, 10);
      TimeLimit limit = TimeLimit.begin();
      closed.close();
      assertEquals(AsynchronousCloseException.class, failure(run).getClass());
      limit.assertEnded();
      assertTrue(other.isOpen() && other.isBlocking());
      assertEquals(0, receiveAll(ofA ? the.client : the.server).length);
    }
  }

  @Test
  void aShutdownOfAnOutputEndsTheRelay() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = the.started();
      send(the.client, random(10));
      receive(the.server, 10);
      the.b.shutdownOutput();
      assertEquals(AsynchronousCloseException.class, failure(run).getClass());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptClosesBothChannels(boolean before) throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Boolean> run =
          new FutureTask<>(
              () -> {
                if (before) {
                  Thread.currentThread().interrupt();
                }
                assertThrows(ClosedByInterruptException.class, the.relay::run);
                return Thread.currentThread().isInterrupted();
              });
      Thread thread = new Thread(run);
      thread.start();
      if (!before) {
        send(the.client, random(10));
        receive(the.server, 10);
        thread.interrupt();
      }
      assertTrue(run.get());
      assertFalse(the.a.isOpen() || the.b.isOpen());
      // A stream that was cut short must not look complete.
      assertThrows(IOException.class, () -> receiveAll(the.client));
      assertThrows(IOException.class, () -> receiveAll(the.server));
    }
  }
}

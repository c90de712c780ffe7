package dev.sluice.tests.relay;

import static dev.sluice.tests.relay.RelayFixture.await;
import static dev.sluice.tests.relay.RelayFixture.inThread;
import static dev.sluice.tests.relay.RelayFixture.random;
import static dev.sluice.tests.relay.RelayFixture.receive;
import static dev.sluice.tests.relay.RelayFixture.receiveAll;
import static dev.sluice.tests.relay.RelayFixture.send;
import static dev.sluice.tests.relay.RelayFixture.sendAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Relay;
import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.relay.RelayFixture.Kind;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a relay promises while both connections are sound. */
@Tag("both-guards")
class RelayTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void allBytesArriveBothWaysAndTheChannelsKeepTheirModes(Kind kind) throws Exception {
    byte[] up = random(24 * MIB + 1);
    byte[] down = random(16 * MIB + 7);
    try (RelayFixture the = new RelayFixture(kind, directory)) {
      the.b.configureBlocking(false);
      FutureTask<Ending> run = the.started();
      FutureTask<Void> ofClient = inThread(() -> sendAll(the.client, up));
      FutureTask<Void> ofServer = inThread(() -> sendAll(the.server, down));
      FutureTask<byte[]> atServer = inThread(() -> receiveAll(the.server));
      assertArrayEquals(down, receiveAll(the.client));
      assertArrayEquals(up, atServer.get());
      ofClient.get();
      ofServer.get();
      assertEquals(Ending.PEER_CLOSED, run.get());
      assertEquals(up.length, the.relay.toB());
      assertEquals(down.length, the.relay.toA());
      assertTrue(the.a.isOpen() && the.a.isBlocking());
      assertTrue(the.b.isOpen() && !the.b.isBlocking());
    }
  }

  /** A server that answers a request after its end, as one does that reads to the end. */
  @ParameterizedTest
  @EnumSource
  void theEndOfOneSideLeavesTheOtherWayOpen(Kind kind) throws Exception {
    for (boolean fromClient : new boolean[] {true, false}) {
      try (RelayFixture the = new RelayFixture(kind, directory)) {
        SocketChannel first = fromClient ? the.client : the.server;
        SocketChannel second = fromClient ? the.server : the.client;
        FutureTask<Ending> run = the.started();
        sendAll(first, random(1000));
        assertArrayEquals(random(1000), receiveAll(second));
        assertFalse(run.isDone());
        send(second, random(2000));
        assertArrayEquals(random(2000), receive(first, 2000));
        second.close();
        assertEquals(0, receiveAll(first).length);
        assertEquals(Ending.PEER_CLOSED, run.get());
      }
    }
  }

  /** A unix socket whose peer is gone says so at every look. Nothing is lost by that. */
  @ParameterizedTest
  @EnumSource
  void peersThatCloseOneAfterTheOtherAreAnEndAndNoError(Kind kind) throws Exception {
    try (RelayFixture the = new RelayFixture(kind, directory)) {
      FutureTask<Ending> run = the.started();
      send(the.server, random(1000));
      the.server.close();
      assertArrayEquals(random(1000), receiveAll(the.client));
      the.client.close();
      assertEquals(Ending.PEER_CLOSED, run.get());
      assertEquals(1000, the.relay.toA());
      assertEquals(0, the.relay.toB());
    }
  }

  @Test
  void theCountersTellWhatWasDeliveredWhileItRuns() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      assertEquals(0, the.relay.toB());
      FutureTask<Ending> run = the.started();
      for (int sent = 1; sent <= 3; sent++) {
        long expected = 100L * sent;
        send(the.client, random(100));
        send(the.server, random(200));
        receive(the.server, 100);
        receive(the.client, 200);
        await(() -> the.relay.toB() == expected && the.relay.toA() == 2 * expected);
      }
      assertFalse(run.isDone());
    }
  }

  @Test
  void anIdleRelayEndsAndLeavesBothChannelsOpen() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      the.relay.idle(Duration.ofMillis(50));
      assertEquals(Ending.TIMED_OUT, the.relay.run());
      assertUsable(the);
    }
  }

  /** Bytes of one way keep the other alive. */
  @Test
  void bytesOfOneWayKeepTheRelay() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      the.relay.idle(Duration.ofSeconds(1));
      FutureTask<Ending> run = the.started();
      for (int i = 0; i < 30; i++) {
        send(the.client, random(10));
        receive(the.server, 10);
        Thread.sleep(50);
      }
      assertEquals(300, the.relay.toB());
      assertEquals(Ending.TIMED_OUT, run.get());
    }
  }

  @ParameterizedTest
  @EnumSource(ThreadKind.class)
  void closeEndsARunningRelayAndLeavesBothChannelsOpen(ThreadKind kind) throws Exception {
    if (kind == ThreadKind.VIRTUAL && !VirtualThreads.ARE_THERE) {
      return;
    }
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      FutureTask<Ending> run = new FutureTask<>(the.relay::run);
      kind.start(run);
      send(the.client, random(10));
      receive(the.server, 10);
      TimeLimit limit = TimeLimit.begin();
      the.relay.close();
      assertEquals(Ending.CANCELLED, run.get());
      limit.assertEnded();
      assertEquals(10, the.relay.toB());
      assertUsable(the);
      the.relay.close();
    }
  }

  @Test
  void aRelayThatWasClosedBeforeMovesNothing() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      send(the.client, random(10));
      the.relay.close();
      assertEquals(Ending.CANCELLED, the.relay.run());
      assertArrayEquals(random(10), receive(the.a, 10));
    }
  }

  /** The channels are as they were before, and another relay can have them. */
  private static void assertUsable(RelayFixture the) throws Exception {
    assertTrue(the.a.isBlocking() && the.b.isBlocking());
    send(the.a, random(10));
    assertArrayEquals(random(10), receive(the.client, 10));
    Relay next = Relay.between(the.b, the.a);
    FutureTask<Ending> run = inThread(next::run);
    send(the.server, random(20));
    assertArrayEquals(random(20), receive(the.client, 20));
    next.close();
    assertEquals(Ending.CANCELLED, run.get());
    assertEquals(20, next.toB());
  }

  @Test
  void aStartedRelayTellsItsEndLater() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      CompletableFuture<Ending> end = the.relay.start();
      CompletableFuture<Boolean> inLoop =
          end.thenApply(any -> Thread.currentThread().getName().equals("sluice-relay"));
      sendAll(the.client, random(1000));
      sendAll(the.server, random(10));
      assertArrayEquals(random(1000), receiveAll(the.server));
      assertEquals(Ending.PEER_CLOSED, end.get(1, TimeUnit.MINUTES));
      assertFalse(inLoop.get());
    }
  }

  @Test
  void toCancelTheResultClosesTheRelay() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory)) {
      CompletableFuture<Ending> end = the.relay.start();
      end.cancel(true);
      await(the.a::isBlocking);
      await(the.b::isBlocking);
    }
  }

  /** As in an event loop: the channels keep their keys, and can be in no blocking mode. */
  @Test
  void channelsOfASelectorKeepTheirKeys() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory);
        Selector selector = Selector.open()) {
      the.a.configureBlocking(false);
      SelectionKey key = the.a.register(selector, 0);
      CompletableFuture<Ending> end = the.relay.start();
      send(the.client, random(1000));
      assertArrayEquals(random(1000), receive(the.server, 1000));
      the.relay.close();
      assertEquals(Ending.CANCELLED, end.get());
      assertTrue(key.isValid());
      assertFalse(the.a.isBlocking());
      assertTrue(the.b.isBlocking());
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    try (RelayFixture the = new RelayFixture(Kind.TCP, directory);
        SocketChannel unconnected = SocketChannel.open()) {
      SocketChannel closed = SocketChannel.open();
      closed.close();
      assertThrows(NullPointerException.class, () -> Relay.between(null, the.b));
      assertThrows(NullPointerException.class, () -> Relay.between(the.a, null));
      assertThrows(IllegalArgumentException.class, () -> Relay.between(the.a, the.a));
      SocketChannel foreign = new ForeignSocketChannel();
      assertThrows(UnsupportedOperationException.class, () -> Relay.between(the.a, foreign));
      for (Duration limit : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
        assertThrows(IllegalArgumentException.class, () -> the.relay.idle(limit));
      }
      assertThrows(NotYetConnectedException.class, () -> Relay.between(the.a, unconnected).run());
      assertThrows(ClosedChannelException.class, () -> Relay.between(closed, the.b).run());
      assertTrue(Relay.between(closed, the.b).start().isCompletedExceptionally());
      CompletableFuture<Ending> end = the.relay.start();
      assertThrows(IllegalStateException.class, the.relay::run);
      assertThrows(IllegalStateException.class, the.relay::start);
      assertThrows(IllegalStateException.class, () -> the.relay.idle(Duration.ofSeconds(1)));
      assertThrows(IllegalStateException.class, () -> Relay.between(the.b, the.a).run());
      assertFalse(end.isDone());
    }
  }
}

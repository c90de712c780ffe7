package dev.sluice.tests.relay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Relay;
import dev.sluice.StrandedBytesException;
import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.support.ChannelKinds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Two connections, the sockets of a relay between them, and the peers at both ends. */
final class RelayFixture implements AutoCloseable {
  /** The kinds of socket at one side of a relay. */
  enum Kind {
    TCP,
    UNIX
  }

  private final ChannelKinds channels;

  /** The peer of {@link #a}. */
  final SocketChannel client;

  final SocketChannel a;
  final SocketChannel b;

  /** The peer of {@link #b}. */
  final SocketChannel server;

  final Relay relay;

  RelayFixture(Kind kind, Path directory) throws IOException {
    this(kind, kind, directory);
  }

  RelayFixture(Kind nearKind, Kind farKind, Path directory) throws IOException {
    channels = new ChannelKinds(directory);
    SocketChannel[] near = nearKind == Kind.TCP ? channels.tcp() : channels.unix();
    SocketChannel[] far = farKind == Kind.TCP ? channels.tcp() : channels.unix();
    client = near[0];
    a = near[1];
    b = far[0];
    server = far[1];
    relay = Relay.between(a, b);
  }

  /** Runs the relay in a thread of its own. */
  FutureTask<Ending> started() {
    return inThread(relay::run);
  }

  static <T> FutureTask<T> inThread(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future, "relay-test");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  /** The exception that ended a relay, or the test fails. */
  static IOException failure(FutureTask<Ending> run) throws InterruptedException {
    try {
      throw new AssertionError("ended with " + run.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        return failure;
      }
      throw new AssertionError(e);
    }
  }

  static long stranded(Throwable failure) {
    return Stream.of(failure.getSuppressed())
        .filter(StrandedBytesException.class::isInstance)
        .mapToLong(suppressed -> ((StrandedBytesException) suppressed).stranded())
        .sum();
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static void send(SocketChannel socket, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      socket.write(left);
    }
  }

  static Void sendAll(SocketChannel socket, byte[] bytes) throws IOException {
    send(socket, bytes);
    socket.shutdownOutput();
    return null;
  }

  static byte[] receive(SocketChannel socket, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      assertTrue(socket.read(bytes) >= 0, "the stream ended after " + bytes.position());
    }
    return bytes.array();
  }

  /** All bytes to the end of the stream, or to an error. */
  static byte[] receiveAll(SocketChannel socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(1 << 16);
    while (socket.read(part.clear()) >= 0) {
      all.write(part.array(), 0, part.position());
    }
    return all.toByteArray();
  }

  /** Writes until the connection takes nothing for a while: its reader is stalled. */
  static long fill(SocketChannel socket) throws IOException, InterruptedException {
    socket.configureBlocking(false);
    ByteBuffer part = ByteBuffer.allocate(1 << 16);
    long sent = 0;
    for (int refusals = 0; refusals < 20; ) {
      int taken = socket.write(part.clear());
      sent += taken;
      refusals = taken > 0 ? 0 : refusals + 1;
      if (taken == 0) {
        Thread.sleep(10);
      }
    }
    socket.configureBlocking(true);
    return sent;
  }

  static void reset(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  static void await(BooleanSupplier state) throws InterruptedException {
    while (!state.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  @Override
  public void close() throws IOException {
    relay.close();
    channels.close();
  }
}

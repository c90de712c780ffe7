package dev.sluice.tests.relay;

import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.relay.RelayFixture.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Plays random relays: {@code RandomRelays SEED COUNT}. The status is 1 if a sum was wrong. */
final class RandomRelays {
  private static final int MOST = 3 << 20;
  private static final int AT_ONCE = 8;
  private static final byte[] CONTENT = RelayFixture.random(MOST);

  /** What happens to a relay. */
  private enum Event {
    NOTHING,
    CLOSE,
    IDLE,
    RESET
  }

  private final Random random;
  private final Kind near;
  private final Kind far;
  private final Event event;
  private final int up;
  private final int down;
  private final int pauseMillis;

  private RandomRelays(long seed) {
    random = new Random(seed);
    near = random.nextBoolean() ? Kind.TCP : Kind.UNIX;
    far = random.nextBoolean() ? Kind.TCP : Kind.UNIX;
    Event any = Event.values()[random.nextInt(Event.values().length)];
    event = any == Event.RESET && near == Kind.UNIX ? Event.NOTHING : any;
    up = random.nextInt(MOST);
    down = random.nextInt(4) == 0 ? 0 : random.nextInt(MOST);
    pauseMillis = random.nextInt(30);
  }

  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[0]);
    Path directory = Files.createTempDirectory("relays");
    ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
    List<Future<?>> played = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      RandomRelays relay = new RandomRelays(seed + i);
      played.add(
          players.submit(
              () -> {
                relay.play(directory);
                return null;
              }));
    }
    int status = 0;
    for (Future<?> future : played) {
      try {
        future.get();
      } catch (ExecutionException e) {
        e.getCause().printStackTrace(System.out);
        status = 1;
      }
    }
    try (var left = Files.list(directory)) {
      for (Path path : left.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(directory);
    System.exit(status);
  }

  /** What one peer has received, and whether it saw the end of the stream. */
  private record Received(byte[] bytes, boolean isEnded) {}

  private void play(Path directory) throws Exception {
    try (RelayFixture the = new RelayFixture(near, far, directory)) {
      if (event == Event.IDLE) {
        the.relay.idle(Duration.ofMillis(1 + pauseMillis));
      }
      FutureTask<Ending> run = the.started();
      FutureTask<Void> fromClient = RelayFixture.inThread(() -> supply(the.client, up, event));
      FutureTask<Void> fromServer =
          RelayFixture.inThread(() -> supply(the.server, down, Event.NOTHING));
      FutureTask<Received> atServer = RelayFixture.inThread(() -> take(the.server));
      FutureTask<Received> atClient = RelayFixture.inThread(() -> take(the.client));
      if (event == Event.CLOSE) {
        Thread.sleep(pauseMillis);
        the.relay.close();
      }
      Throwable failure = null;
      Ending ending = null;
      try {
        ending = run.get();
      } catch (ExecutionException e) {
        failure = e.getCause();
      }
      long rest = 0;
      if (event != Event.RESET) {
        // The suppliers may still be writing: the rest of what they send is read here.
        FutureTask<Received> restOfServer = RelayFixture.inThread(() -> take(the.b));
        rest = take(the.a).bytes.length + restOfServer.get().bytes.length;
        fromClient.get();
        fromServer.get();
        the.a.close();
        the.b.close();
      }
      check(the, ending, failure, rest, atServer.get(), atClient, fromServer);
    }
  }

  private void check(
      RelayFixture the,
      Ending ending,
      Throwable failure,
      long rest,
      Received atServer,
      FutureTask<Received> client,
      FutureTask<Void> supplied)
      throws Exception {
    ensure(isPrefix(atServer.bytes), "the server got other bytes", failure);
    if (event == Event.RESET) {
      ensure(ending == null && !(failure instanceof RuntimeException), "no reset", failure);
      ensure(atServer.bytes.length <= the.relay.toB(), "more than was delivered", failure);
      // The kernel tells a reset once: to the server's read, or to its write.
      boolean isTold = far == Kind.UNIX || !atServer.isEnded || hasFailed(supplied);
      ensure(isTold, "the server saw a proper end", failure);
      return;
    }
    Received atClient = client.get();
    ensure(isPrefix(atClient.bytes), "the client got other bytes", failure);
    ensure(atServer.bytes.length == the.relay.toB(), "toB " + the.relay.toB(), failure);
    ensure(atClient.bytes.length == the.relay.toA(), "toA " + the.relay.toA(), failure);
    long stranded = failure == null ? 0 : RelayFixture.stranded(failure);
    long sum = the.relay.toA() + the.relay.toB() + stranded + rest;
    ensure(sum == (long) up + down, "a sum of " + sum + ", " + stranded + " stranded", failure);
    ensure((failure == null) == (stranded == 0), "a failure without lost bytes", failure);
    if (event == Event.NOTHING) {
      ensure(ending == Ending.PEER_CLOSED && rest == 0, "ended by " + ending, failure);
    }
  }

  private static boolean hasFailed(FutureTask<Void> task) throws InterruptedException {
    try {
      task.get();
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  private void ensure(boolean holds, String what, Throwable failure) {
    if (!holds) {
      String setting = near + " to " + far + ", " + event + ", " + up + " up, " + down + " down: ";
      throw new AssertionError(setting + what, failure);
    }
  }

  private static boolean isPrefix(byte[] bytes) {
    return Arrays.equals(bytes, 0, bytes.length, CONTENT, 0, bytes.length);
  }

  private static Void supply(SocketChannel socket, int count, Event event) throws IOException {
    RelayFixture.send(socket, Arrays.copyOf(CONTENT, count));
    if (event == Event.RESET) {
      RelayFixture.reset(socket);
    } else {
      socket.shutdownOutput();
    }
    return null;
  }

  private static Received take(SocketChannel socket) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(1 << 16);
    try {
      while (socket.read(part.clear()) >= 0) {
        all.write(part.array(), 0, part.position());
      }
      return new Received(all.toByteArray(), true);
    } catch (IOException e) {
      return new Received(all.toByteArray(), false);
    }
  }
}

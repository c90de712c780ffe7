package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random transfers and copies of one content, half of which are closed or interrupted on their way.
 * What arrives is what was sent.
 */
final class DisturbedTransfers implements AutoCloseable {
  private static final int MOST = 4 << 20;
  private static final int LATEST_ACT_MILLIS = 20;
  private static final AtomicLong COPIES = new AtomicLong();

  private final Path directory;
  private final AtomicLong complete = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final byte[] content = new byte[MOST];
  private final ScheduledExecutorService actors = Executors.newScheduledThreadPool(2);
  private final ExecutorService peers = Executors.newCachedThreadPool();
  private final Path path;

  /** Transfers of a random content, which a file of the directory holds. */
  DisturbedTransfers(Path directory, Random random) throws IOException {
    this.directory = directory;
    random.nextBytes(content);
    path = Files.write(directory.resolve("content"), content);
  }

  /** The number of transfers that moved all bytes. */
  long complete() {
    return complete.get();
  }

  /** The number of transfers that moved fewer bytes or failed. */
  long cut() {
    return cut.get();
  }

  private interface Transfer {
    long run() throws IOException;
  }

  /** One transfer or copy. */
  void once(Random random) throws Exception {
    int from = random.nextInt(MOST);
    int count = 1 + random.nextInt(MOST - from);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      switch (random.nextInt(6)) {
        case 0 -> send(random, channels, from, count);
        case 1 -> sendToPipe(random, channels, from, count);
        case 2 -> upload(random, channels, from, count);
        case 3 -> uploadFromPipe(random, channels, from, count);
        case 4 -> relay(random, channels, from, count);
        default -> copy(random);
      }
    }
  }

  private static SocketChannel[] sockets(Random random, ChannelKinds channels) throws IOException {
    return random.nextBoolean() ? channels.tcp() : channels.unix();
  }

  private void send(Random random, ChannelKinds channels, int from, int count) throws Exception {
    SocketChannel[] pair = sockets(random, channels);
    FileChannel file = channels.keep(FileChannel.open(path));
    Mechanism[] choice = {
      Mechanism.AUTO, Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.MMAP_WRITE
    };
    Mechanism mechanism = choice[random.nextInt(choice.length)];
    Future<byte[]> arrived = peers.submit(() -> drain(pair[1]));
    long moved =
        disturbed(random, file, pair[0], () -> mechanism.transferTo(file, from, count, pair[0]));
    pair[0].close();
    assertArrived(from, count, moved, arrived.get());
  }

  private void sendToPipe(Random random, ChannelKinds channels, int from, int count)
      throws Exception {
    Pipe pipe = Pipe.open();
    channels.keep(pipe.source());
    channels.keep(pipe.sink());
    FileChannel file = channels.keep(FileChannel.open(path));
    Future<byte[]> arrived = peers.submit(() -> drain(pipe.source()));
    long moved =
        disturbed(
            random, file, pipe.sink(), () -> Sluice.transferTo(file, from, count, pipe.sink()));
    pipe.sink().close();
    assertArrived(from, count, moved, arrived.get());
  }

  private void upload(Random random, ChannelKinds channels, int from, int count) throws Exception {
    SocketChannel[] pair = sockets(random, channels);
    Path target = channels.path("upload", new byte[0]);
    FileChannel file = channels.keep(FileChannel.open(target, ChannelKinds.readWrite()));
    peers.submit(() -> feed(pair[1], from, count));
    long moved =
        disturbed(random, pair[0], file, () -> Sluice.transferFrom(file, pair[0], 0, count));
    assertArrived(from, count, moved, Files.readAllBytes(target));
    Files.delete(target);
  }

  private void uploadFromPipe(Random random, ChannelKinds channels, int from, int count)
      throws Exception {
    Pipe pipe = Pipe.open();
    channels.keep(pipe.source());
    channels.keep(pipe.sink());
    Path target = channels.path("upload", new byte[0]);
    FileChannel file = channels.keep(FileChannel.open(target, ChannelKinds.readWrite()));
    peers.submit(() -> feed(pipe.sink(), from, count));
    long moved =
        disturbed(
            random, pipe.source(), file, () -> Sluice.transferFrom(file, pipe.source(), 0, count));
    assertArrived(from, count, moved, Files.readAllBytes(target));
    Files.delete(target);
  }

  /** A copy is whole, or the target does not exist. */
  private void copy(Random random) throws Exception {
    Path target = directory.resolve("copy" + COPIES.incrementAndGet());
    long moved =
        disturbed(
            random,
            null,
            null,
            () -> {
              Sluice.copy(path, target);
              return MOST;
            });
    byte[] arrived = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
    assertTrue(moved < 0 ? arrived.length == 0 : arrived.length == MOST, moved + " bytes");
    assertArrived(0, MOST, moved, arrived);
    Files.deleteIfExists(target);
  }

  private void relay(Random random, ChannelKinds channels, int from, int count) throws Exception {
    SocketChannel[] source = sockets(random, channels);
    SocketChannel[] target = sockets(random, channels);
    peers.submit(() -> feed(source[1], from, count));
    Future<byte[]> arrived = peers.submit(() -> drain(target[1]));
    long moved =
        disturbed(random, source[0], target[0], () -> Sluice.transfer(source[0], target[0], count));
    target[0].close();
    assertArrived(from, count, moved, arrived.get());
  }

  /**
   * Runs a transfer; half of them are closed or interrupted on their way. Returns its count, or -1.
   */
  private long disturbed(Random random, Channel source, Channel target, Transfer transfer)
      throws Exception {
    Thread self = Thread.currentThread();
    Callable<Void> act =
        switch (random.nextInt(6)) {
          case 0 -> closing(source);
          case 1 -> closing(target);
          case 2 ->
              () -> {
                self.interrupt();
                return null;
              };
          default -> null;
        };
    Future<Void> acting =
        act == null
            ? null
            : actors.schedule(act, random.nextInt(LATEST_ACT_MILLIS), TimeUnit.MILLISECONDS);
    long moved;
    try {
      moved = transfer.run();
    } catch (IOException e) {
      moved = -1;
    }
    if (acting != null) {
      awaitUninterruptibly(acting);
      Thread.interrupted();
    }
    return moved;
  }

  /** The interrupt may come after the end of the transfer. */
  private static void awaitUninterruptibly(Future<Void> acting) throws Exception {
    while (true) {
      try {
        acting.get();
        return;
      } catch (InterruptedException e) {
        // Seen, and cleared with it.
      }
    }
  }

  private static Callable<Void> closing(Channel channel) {
    return () -> {
      if (channel != null) {
        channel.close();
      }
      return null;
    };
  }

  private void assertArrived(int from, int count, long moved, byte[] arrived) {
    assertTrue(arrived.length <= count, arrived.length + " bytes of " + count);
    assertEquals(
        -1,
        Arrays.mismatch(Arrays.copyOfRange(content, from, from + arrived.length), arrived),
        "other bytes arrived");
    if (moved >= 0) {
      assertEquals(moved, arrived.length);
    }
    (moved == count ? complete : cut).incrementAndGet();
  }

  private Void feed(WritableByteChannel peer, int from, int count) throws IOException {
    try (peer) {
      ByteBuffer bytes = ByteBuffer.wrap(content, from, count);
      while (bytes.hasRemaining()) {
        peer.write(bytes);
      }
    } catch (IOException e) {
      // The other end is closed.
    }
    return null;
  }

  private static byte[] drain(ReadableByteChannel peer) throws IOException {
    try {
      return ChannelPair.drain(peer);
    } catch (IOException e) {
      throw new IOException("after a transfer ended its peer reads to the end", e);
    }
  }

  @Override
  public void close() {
    actors.shutdown();
    peers.shutdown();
  }
}

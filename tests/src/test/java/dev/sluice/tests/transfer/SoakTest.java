package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.VirtualThreads;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A minute of transfers over 32 threads of both sorts, half of which are closed or interrupted:
 * what arrives is what was sent, and what was opened is closed.
 */
@Tag("both-guards")
class SoakTest {
  /** Shorter where it is the second soak of a JDK. */
  private static final long SECONDS =
      "off".equals(System.getProperty("dev.sluice.internals")) ? 20 : 60;

  private static final long WARM_UP_SECONDS = 5;
  private static final int THREADS = 32;
  private static final int MOST = 4 << 20;
  private static final int LATEST_ACT_MILLIS = 20;

  /** The two ends of 16 pooled pipes, and what the JVM opens now and then for itself. */
  private static final int DESCRIPTORS_KEPT = 2 * 16 + 8;

  /** Stacks and arenas of the JVM's own threads. */
  private static final int MAPPINGS_KEPT = 64;

  /** For as long the watcher waits for another transfer. */
  private static final long WATCHER_MILLIS = 800;

  private static final AtomicLong COPIES = new AtomicLong();

  @TempDir Path directory;

  private final long seed = System.nanoTime();
  private final AtomicLong complete = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final byte[] content = new byte[MOST];
  private final ScheduledExecutorService actors = Executors.newScheduledThreadPool(2);
  private final ExecutorService peers = Executors.newCachedThreadPool();
  private Path path;

  private record Resources(long descriptors, long threads, long mappings, long ofOurFiles) {}

  @Test
  @Timeout(180)
  void whatArrivesIsWhatWasSentAndNothingIsLeftOpen() throws Exception {
    System.out.println("SoakTest: seed " + seed);
    new Random(seed).nextBytes(content);
    path = Files.write(directory.resolve("content"), content);
    soak(WARM_UP_SECONDS, seed);
    Resources before = resources();
    soak(SECONDS - WARM_UP_SECONDS, seed + THREADS);
    Resources after = resources();
    actors.shutdown();
    peers.shutdown();
    String told =
        before + ", then " + after + "; " + complete + " complete, " + cut + " cut; seed " + seed;
    System.out.println("SoakTest: " + told);
    assertTrue(complete.get() > 100 && cut.get() > 100, told);
    assertEquals(0, after.ofOurFiles, told);
    assertTrue(after.descriptors <= before.descriptors + DESCRIPTORS_KEPT, told);
    assertTrue(after.mappings <= before.mappings + MAPPINGS_KEPT, told);
    assertEquals(before.threads, after.threads, told);
  }

  private void soak(long seconds, long seed) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<FutureTask<Void>> workers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      FutureTask<Void> worker =
          new FutureTask<>(
              () -> {
                while (System.nanoTime() < end) {
                  once(random);
                }
                return null;
              });
      workers.add(worker);
      start(worker, i % 2 == 0);
    }
    for (FutureTask<Void> worker : workers) {
      worker.get(seconds + 30, TimeUnit.SECONDS);
    }
  }

  private static void start(Runnable task, boolean isVirtual) {
    if (isVirtual && VirtualThreads.ARE_THERE) {
      VirtualThreads.start(task);
    } else {
      new Thread(task, "soak").start();
    }
  }

  private interface Transfer {
    long run() throws IOException;
  }

  private void once(Random random) throws Exception {
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

  /** It is whole, or it is not there. */
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

  /** Half of the transfers are closed or interrupted on their way: what it answered, or -1. */
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

  /** The interrupt may come when the transfer is over. */
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

  private Resources resources() throws Exception {
    // The peers' threads end by themselves when they have had nothing to do for a minute.
    System.gc();
    Thread.sleep(WATCHER_MILLIS);
    List<String> mappings = Files.readAllLines(Path.of("/proc/self/maps"));
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("soak") || name.startsWith("sluice"))
            .count();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new Resources(
          descriptors.count(),
          threads,
          mappings.size(),
          mappings.stream().filter(line -> line.contains(directory.toString())).count());
    }
  }
}

package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A virtual thread that waits in a transfer frees its carrier: it neither pins it nor spins. */
@Tag("both-guards")
class VirtualThreadsTest {
  @TempDir Path directory;

  @BeforeAll
  static void assumeVirtualThreads() {
    assumeTrue(VirtualThreads.ARE_THERE, "needs a JDK with virtual threads");
  }

  private void run(int carriers, Class<?> main, String... options) throws Exception {
    ChildJvm.Result result =
        new ChildJvm()
            .with("-Djdk.virtualThreadScheduler.parallelism=" + carriers)
            .with("-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers)
            .with(options)
            .with("-ea")
            .run(main, directory.toString());
    assertEquals(0, result.exit(), result.output());
  }

  @Test
  void anotherVirtualThreadOnTheOneCarrierKeepsItsTicks() throws Exception {
    run(1, Stalled.class, "-Ddev.sluice.tests.stall=500");
  }

  /** Every way to stall, one after the other, beside a thread that ticks. */
  static final class Stalled {
    private static final long TICK_MILLIS = 100;
    private static final long LATEST_MILLIS = 250;
    private static final int LARGE = 32 << 20;

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      stall(directory, GuardCase.Flow.FILE_TO_TCP);
      AtomicLong longest = new AtomicLong();
      VirtualThreads.start(() -> tick(longest));
      try (Recording recording = pinned()) {
        VirtualThreads.start(() -> check(Pinning.IS_DONE, "not done")).join();
        check(!events(recording, directory).isEmpty(), "a pinned thread was not seen");
      }
      try (Recording recording = pinned()) {
        // The recorder's own beginning is not what is timed.
        Thread.sleep(500);
        longest.set(0);
        long cpu = cpuNanos();
        long begun = System.nanoTime();
        for (GuardCase.Flow flow : GuardCase.Flow.values()) {
          // A FIFO that was opened as a file is waited for in the kernel, as by the JDK.
          if (!flow.isBetweenFiles() && flow != GuardCase.Flow.FILE_TO_FIFO) {
            stall(directory, flow);
          }
        }
        interruptedBefore(directory);
        besideAReader(directory);
        double load = (double) (cpuNanos() - cpu) / (System.nanoTime() - begun);
        long latest = longest.get();
        List<?> pinned = events(recording, directory);
        check(pinned.isEmpty(), "pinned: " + pinned);
        check(latest < LATEST_MILLIS, "a tick came after " + latest + " ms");
        check(load < 0.5, "used " + load + " of a core while stalled");
      }
    }

    /** Parks below a class initialiser, which pins. */
    private static final class Pinning {
      static final boolean IS_DONE = sleep();

      private static boolean sleep() {
        try {
          Thread.sleep(20);
          return true;
        } catch (InterruptedException e) {
          return false;
        }
      }
    }

    private static Recording pinned() {
      Recording recording = new Recording();
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
      recording.start();
      return recording;
    }

    private static List<?> events(Recording recording, Path directory) throws IOException {
      recording.stop();
      Path dump = directory.resolve("pinned.jfr");
      recording.dump(dump);
      return RecordingFile.readAllEvents(dump);
    }

    private static void stall(Path directory, GuardCase.Flow flow) throws Exception {
      GuardCase stalled =
          new GuardCase(
              Mechanism.AUTO,
              flow,
              GuardCase.stalling(flow),
              GuardCase.Act.INTERRUPT,
              GuardCase.Carried.VIRTUAL);
      GuardOutcome outcome = GuardRun.sluice(stalled, directory);
      check(outcome.end().equals("ClosedByInterruptException"), flow + " " + outcome);
    }

    /** A thread that is interrupted when it begins. */
    private static void interruptedBefore(Path directory) throws Exception {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        FileChannel file =
            channels.keep(
                FileChannel.open(channels.path("file", new byte[0]), ChannelKinds.readWrite()));
        AtomicReference<Object> end = new AtomicReference<>();
        Thread interrupted =
            VirtualThreads.start(
                () -> {
                  Thread.currentThread().interrupt();
                  try {
                    end.set(Sluice.transferFrom(file, pair[0], 0, 1));
                  } catch (IOException e) {
                    end.set(e);
                  }
                });
        interrupted.join(GuardRun.HANGS_MILLIS);
        check(end.get() instanceof ClosedByInterruptException, "interrupted before: " + end);
      }
    }

    /** A virtual thread that reads the socket by itself parks as well, during and after. */
    private static void besideAReader(Path directory) throws Exception {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        FileChannel file =
            channels.keep(
                FileChannel.open(channels.path("file", new byte[0]), ChannelKinds.readWrite()));
        file.write(ByteBuffer.allocate(1), LARGE - 1);
        FutureTask<Long> transfer =
            ChannelPair.started(() -> Sluice.transferTo(file, 0, LARGE, pair[0]));
        Thread.sleep(100);
        AtomicReference<Object> end = new AtomicReference<>();
        Thread reader =
            VirtualThreads.start(
                () -> {
                  try {
                    ByteBuffer bytes = ByteBuffer.allocate(1);
                    while (pair[0].read(bytes.clear()) > 0) {
                      end.set("a byte");
                    }
                  } catch (IOException e) {
                    end.set(e);
                  }
                });
        Thread.sleep(500);
        FutureTask<byte[]> drained = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        check(transfer.get(10, TimeUnit.SECONDS) == LARGE, "the transfer was cut short");
        pair[1].write(ByteBuffer.allocate(1));
        Thread.sleep(500);
        check("a byte".equals(end.get()), "the reader saw " + end);
        pair[0].close();
        reader.join(GuardRun.HANGS_MILLIS);
        check(end.get() instanceof AsynchronousCloseException, "the reader ended with " + end);
        check(drained.get(10, TimeUnit.SECONDS).length == LARGE, "other bytes");
      }
    }

    private static void tick(AtomicLong longest) {
      try {
        while (true) {
          long begun = System.nanoTime();
          Thread.sleep(TICK_MILLIS);
          long millis = (System.nanoTime() - begun) / 1_000_000;
          longest.accumulateAndGet(millis, Math::max);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static long cpuNanos() {
      return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Test
  void aThousandSendToAThousandSlowPeersOnTwoCarriers() throws Exception {
    run(2, Thousand.class);
  }

  /** None of them answers 0, though each has read and written by itself before. */
  static final class Thousand {
    private static final int PEERS = 1_000;
    private static final int SIZE = 200_000;
    private static final int TURN_BYTES = 8_192;

    public static void main(String[] arguments) throws Exception {
      byte[] content = new byte[SIZE];
      new Random(7).nextBytes(content);
      Path path = Files.write(Path.of(arguments[0], "content"), content);
      List<SocketChannel> peers = new ArrayList<>();
      List<Thread> senders = new ArrayList<>();
      AtomicLong zeros = new AtomicLong();
      AtomicLong sent = new AtomicLong();
      try (FileChannel file = FileChannel.open(path);
          ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PEERS);
        for (int i = 0; i < PEERS; i++) {
          SocketChannel near = SocketChannel.open();
          near.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
          near.connect(listener.getLocalAddress());
          SocketChannel far = listener.accept();
          peers.add(far);
          senders.add(VirtualThreads.start(() -> send(file, near, zeros, sent)));
        }
        long expected = crc(content);
        receive(peers, expected);
        for (Thread sender : senders) {
          sender.join();
        }
      }
      check(zeros.get() == 0, zeros + " transfers to a blocking socket answered 0");
      check(sent.get() == (long) PEERS * SIZE, sent + " bytes were sent");
    }

    private static void send(
        FileChannel file, SocketChannel socket, AtomicLong zeros, AtomicLong sent) {
      try (socket) {
        // The JDK makes the descriptor non-blocking at the first read of a virtual thread.
        socket.write(ByteBuffer.allocate(1));
        socket.read(ByteBuffer.allocate(1));
        for (long at = 0; at < SIZE; ) {
          long moved = Sluice.transferTo(file, at, SIZE - at, socket);
          if (moved == 0) {
            zeros.incrementAndGet();
          }
          at += moved;
          sent.addAndGet(moved);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void receive(List<SocketChannel> peers, long expected) throws Exception {
      List<CRC32> sums = new ArrayList<>();
      for (SocketChannel peer : peers) {
        peer.read(ByteBuffer.allocate(1));
        peer.write(ByteBuffer.allocate(1));
        peer.configureBlocking(false);
        sums.add(new CRC32());
      }
      ByteBuffer buffer = ByteBuffer.allocate(TURN_BYTES);
      for (int open = peers.size(); open > 0; ) {
        for (int i = 0; i < peers.size(); i++) {
          SocketChannel peer = peers.get(i);
          int read = peer.isOpen() ? peer.read(buffer.clear()) : 0;
          if (read < 0) {
            peer.close();
            open--;
          }
          sums.get(i).update(buffer.array(), 0, Math.max(0, read));
        }
        Thread.sleep(2);
      }
      for (CRC32 sum : sums) {
        check(sum.getValue() == expected, "other bytes arrived");
      }
    }

    private static long crc(byte[] content) {
      CRC32 sum = new CRC32();
      sum.update(content);
      return sum.getValue();
    }
  }
}

package dev.sluice.tests.channel;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A virtual thread that waits in a transfer frees its carrier: it neither pins it nor spins. */
@Tag("both-guards")
class VirtualThreadCarrierTest extends VirtualThreadFixture {
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
      // A platform thread tells how late a busy machine lets any thread run.
      AtomicLong control = new AtomicLong();
      Thread beside = new Thread(() -> tick(control));
      beside.setDaemon(true);
      beside.start();
      try (Recording recording = pinned()) {
        VirtualThreads.start(() -> check(Pinning.IS_DONE, "not done")).join();
        check(!events(recording, directory).isEmpty(), "a pinned thread was not seen");
      }
      try (Recording recording = pinned()) {
        // The start of the recorder is not timed.
        Thread.sleep(500);
        longest.set(0);
        control.set(0);
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
        long late = Math.max(0, control.get() - TICK_MILLIS);
        check(
            latest < LATEST_MILLIS + late,
            "a tick came after " + latest + " ms; a platform thread was " + late + " ms late");
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
              ThreadKind.VIRTUAL);
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
}

package dev.sluice.tests.channel;

import dev.sluice.Cancellation;
import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Ends transfers that wait for a file whose one read takes 700 ms. */
final class ColdEndings {
  private static final long READ_MILLIS = 700;
  private static final long BEFORE_MILLIS = 150;

  /** What ends a transfer. */
  enum Ending {
    WITHIN,
    IDLE,
    CANCELLED,
    TARGET_CLOSED,
    SOURCE_CLOSED,
    INTERRUPTED
  }

  private ColdEndings() {}

  public static void main(String[] arguments) throws Exception {
    Path files = Path.of(System.getProperty("dev.sluice.tests.files"));
    try (ChannelKinds channels = new ChannelKinds(Path.of(arguments[0]))) {
      Path warm = channels.path("warm", new byte[1 << 20]);
      ColdFiles.onVirtualThread(() -> ColdFiles.Way.TO_FILE.move(channels, warm));
      for (Ending ending : Ending.values()) {
        try (FileChannel file = FileChannel.open(files.resolve(ending + ".slow=" + READ_MILLIS))) {
          end(ending, file, channels.tcp()[0]);
        }
      }
    }
  }

  private static void end(Ending ending, FileChannel file, SocketChannel target) throws Exception {
    Cancellation cancellation = new Cancellation();
    TransferOption option =
        switch (ending) {
          case WITHIN -> TransferOption.within(Duration.ofMillis(BEFORE_MILLIS));
          case IDLE -> TransferOption.idle(Duration.ofMillis(BEFORE_MILLIS));
          default -> cancellation;
        };
    long size = file.size();
    long[] ended = new long[1];
    FutureTask<Object> transfer =
        new FutureTask<>(
            () -> {
              try {
                return Sluice.transferTo(file, 0, size, target, option);
              } catch (IOException e) {
                return e;
              } finally {
                ended[0] = System.nanoTime();
              }
            });
    long begun = System.nanoTime();
    Thread thread = VirtualThreads.start(transfer);
    awaitWaiting();
    long acted = begun + TimeUnit.MILLISECONDS.toNanos(BEFORE_MILLIS);
    Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(acted - System.nanoTime())));
    acted = Math.max(acted, System.nanoTime());
    switch (ending) {
      case CANCELLED -> cancellation.cancel();
      case TARGET_CLOSED -> target.close();
      case SOURCE_CLOSED -> new Thread(() -> close(file)).start();
      case INTERRUPTED -> thread.interrupt();
      default -> {}
    }
    Object end = transfer.get(10, TimeUnit.SECONDS);
    long millis = TimeUnit.NANOSECONDS.toMillis(ended[0] - acted);
    String what = ending + ": " + end + " after " + millis + " ms";
    Class<?> expected =
        switch (ending) {
          case WITHIN, IDLE, CANCELLED -> Long.class;
          case TARGET_CLOSED, SOURCE_CLOSED -> AsynchronousCloseException.class;
          case INTERRUPTED -> ClosedByInterruptException.class;
        };
    ColdFiles.check(end.getClass() == expected, what);
    ColdFiles.check(expected != Long.class || end.equals(0L), what);
    // An interrupt closes the file as well, and that waits for the read.
    ColdFiles.check(ending == Ending.INTERRUPTED || millis < READ_MILLIS / 2, what);
    System.out.println(what);
  }

  /** Waits until a thread reads the file ahead. */
  private static void awaitWaiting() throws InterruptedException {
    while (Thread.getAllStackTraces().entrySet().stream()
        .noneMatch(
            each ->
                each.getKey().getName().equals("sluice-disk")
                    && Arrays.toString(each.getValue()).contains("NativeReadAhead"))) {
      Thread.sleep(1);
    }
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

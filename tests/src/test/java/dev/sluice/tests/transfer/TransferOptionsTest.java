package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Cancellation;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.TransferReport;
import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelKinds.TargetKind;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A limit or a cancellation ends a transfer within 100 ms, with the exact count and both channels
 * open.
 */
@Tag("both-guards")
class TransferOptionsTest {
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path directory;

  private enum Limit {
    WITHIN(Ending.TIMED_OUT),
    IDLE(Ending.TIMED_OUT),
    CANCELLATION(Ending.CANCELLED);

    private final Ending ending;

    Limit(Ending ending) {
      this.ending = ending;
    }

    TransferOption option() {
      return switch (this) {
        case WITHIN -> TransferOption.within(LIMIT);
        case IDLE -> TransferOption.idle(LIMIT);
        case CANCELLATION -> cancelledLater();
      };
    }

    private static Cancellation cancelledLater() {
      Cancellation cancellation = new Cancellation();
      ChannelPair.started(
          () -> {
            Thread.sleep(LIMIT.toMillis());
            cancellation.cancel();
            return null;
          });
      return cancellation;
    }
  }

  @TestFactory
  Stream<DynamicTest> everyLimitEndsAStalledTransferAndTheNextGoesOn() {
    List<DynamicTest> cases = new ArrayList<>();
    for (StalledRoute route : StalledRoute.values()) {
      for (Limit limit : Limit.values()) {
        for (ThreadKind thread : ThreadKind.values()) {
          if (thread == ThreadKind.PLATFORM || VirtualThreads.ARE_THERE) {
            cases.add(
                dynamicTest(
                    route + " " + limit + " " + thread, () -> endsInTime(route, limit, thread)));
          }
        }
      }
    }
    return cases.stream();
  }

  private void endsInTime(StalledRoute route, Limit limit, ThreadKind thread) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      StalledRoute.Rig rig = route.open(channels);
      long[] moved = new long[1];
      TimeLimit time = TimeLimit.begin();
      FutureTask<List<TransferReport>> transfer =
          new FutureTask<>(() -> Sluice.explain(() -> moved[0] = rig.move(0, limit.option())));
      thread.start(transfer);
      TransferReport report = transfer.get(20, TimeUnit.SECONDS).get(0);
      long late = time.millis() - LIMIT.toMillis();
      assertEquals(limit.ending, report.ending(), report.toString());
      assertEquals(report.bytes(), moved[0]);
      assertTrue(moved[0] >= rig.leastMoved(), moved[0] + " bytes");
      assertTrue(late >= 0, late + " ms");
      // The bytes that filled the buffers at the beginning took their time, of which idleness is
      // counted from the last.
      time.assertWithin(late - (limit == Limit.IDLE ? 100 : 0), report.toString());
      assertTrue(rig.areOpen());
      assertTrue(rig.arrivesWhole(moved[0]));
    }
  }

  @Test
  void bytesThatTrickleAreNoIdleness() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 1 << 20);
      Pipe pipe = Pipe.open();
      channels.keep(pipe.sink());
      channels.keep(pipe.source());
      FutureTask<Long> transfer =
          ChannelPair.started(
              () -> Sluice.transferTo(file, 0, 1 << 20, pipe.sink(), TransferOption.idle(LIMIT)));
      ByteBuffer bytes = ByteBuffer.allocate(4096);
      int read = 0;
      for (int times = 0; times < 12; times++) {
        Thread.sleep(100);
        assertTrue(!transfer.isDone(), "after " + times + " reads");
        read += pipe.source().read(bytes.clear());
      }
      TimeLimit time = TimeLimit.begin();
      long moved = transfer.get(20, TimeUnit.SECONDS);
      time.assertWithin(time.millis() - LIMIT.toMillis(), "after the last byte");
      pipe.sink().close();
      assertEquals(moved, read + ChannelPair.drain(pipe.source()).length);
    }
  }

  @Test
  void aTransferThatWaitsForItsTurnEndsInTimeAsWell() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 24 << 20);
      SocketChannel[] pair = channels.tcp();
      FutureTask<Long> first =
          ChannelPair.started(() -> Sluice.transferTo(file, 0, 24 << 20, pair[0]));
      Thread.sleep(200);
      TimeLimit time = TimeLimit.begin();
      List<TransferReport> reports =
          Sluice.explain(
              () -> Sluice.transferTo(file, 0, 10, pair[0], TransferOption.within(LIMIT)));
      time.assertWithin(time.millis() - LIMIT.toMillis(), reports.toString());
      assertEquals(Ending.TIMED_OUT, reports.get(0).ending());
      assertEquals(0, reports.get(0).bytes());
      FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertEquals(24 << 20, first.get(20, TimeUnit.SECONDS));
      pair[0].close();
      assertEquals(24 << 20, arrived.get(20, TimeUnit.SECONDS).length);
    }
  }

  @Test
  void whatWasCancelledBeforeMovesNothing() throws Exception {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertTrue(cancellation.isCancelled());
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 1000);
      for (TargetKind kind : List.of(TargetKind.FILE, TargetKind.TCP, TargetKind.PIPE)) {
        ChannelKinds.Target target = channels.target(kind);
        List<TransferReport> reports =
            Sluice.explain(() -> Sluice.transferTo(file, 0, 1000, target.channel(), cancellation));
        assertEquals(Ending.CANCELLED, reports.get(0).ending(), kind.name());
        assertTrue(target.channel().isOpen());
        assertEquals(0, target.arrived().bytes().length, kind.name());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> limitsThatAreNotMetChangeNothing() {
    return ChannelPair.all().stream()
        .map(
            pair ->
                dynamicTest(
                    pair.toString(),
                    () -> {
                      byte[] content = new byte[200_000];
                      new Random(5).nextBytes(content);
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        ChannelPair.Opened opened = pair.open(channels, content);
                        moveAll(opened, content.length);
                        opened.assertArrived(content);
                      }
                    }));
  }

  private static void moveAll(ChannelPair.Opened opened, long size) throws IOException {
    TransferOption[] options = {
      TransferOption.within(LONG),
      TransferOption.idle(LONG),
      new Cancellation(),
      new Cancellation(),
      TransferOption.progress(1000, bytes -> {})
    };
    long moved = 0;
    while (moved < size) {
      long rest = size - moved;
      if (opened.route().pulls()) {
        moved +=
            Sluice.transferFrom(
                (FileChannel) opened.target(), opened.source(), moved, rest, options);
      } else if (opened.source() instanceof FileChannel source) {
        moved += Sluice.transferTo(source, moved, rest, opened.target(), options);
      } else {
        moved += Sluice.transfer(opened.source(), opened.target(), rest, options);
      }
      Thread.yield();
    }
  }

  @Test
  void theCallerIsToldHowFarATransferIs() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 24 << 20);
      SocketChannel[] pair = channels.tcp();
      FutureTask<byte[]> arrived = ChannelPair.started(() -> slowly(pair[1]));
      List<Long> told = new ArrayList<>();
      Thread caller = Thread.currentThread();
      TransferOption progress =
          TransferOption.progress(
              1 << 20,
              bytes -> {
                assertSame(caller, Thread.currentThread());
                told.add(bytes);
              });
      assertEquals(24 << 20, Sluice.transferTo(file, 0, 24 << 20, pair[0], progress));
      pair[0].close();
      assertEquals(24 << 20, arrived.get(20, TimeUnit.SECONDS).length);
      assertEquals(24 << 20, told.get(told.size() - 1));
      for (int i = 1; i < told.size() - 1; i++) {
        assertTrue(told.get(i) - told.get(i - 1) >= 1 << 20, told.toString());
      }
    }
  }

  private static byte[] slowly(SocketChannel channel) throws Exception {
    ByteBuffer all = ByteBuffer.allocate(25 << 20);
    while (channel.read(all) >= 0) {
      Thread.sleep(1);
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @Test
  void anExceptionOfTheListenerEndsTheTransfer() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 24 << 20);
      SocketChannel[] pair = channels.tcp();
      FutureTask<byte[]> arrived = ChannelPair.started(() -> slowly(pair[1]));
      long[] told = new long[1];
      TransferOption progress =
          TransferOption.progress(
              1 << 20,
              bytes -> {
                told[0] = bytes;
                throw new IllegalStateException("enough");
              });
      assertThrows(
          IllegalStateException.class,
          () -> Sluice.transferTo(file, 0, 24 << 20, pair[0], progress));
      assertTrue(file.isOpen() && pair[0].isOpen());
      pair[0].close();
      assertEquals(told[0], arrived.get(20, TimeUnit.SECONDS).length);
    }
  }

  /**
   * Nothing is lost by a limit in the middle of a move that goes backwards. A limit that is met
   * before the move has begun leaves the file as it was; then a longer one is tried.
   */
  @Test
  void aMoveWithinOneFileIsCompletedOnceItHasBegun() throws Exception {
    byte[] content = new byte[96 << 20];
    new Random(9).nextBytes(content);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("moved", content);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      Duration within = Duration.ofMillis(15);
      while (moveBy(file, path, TransferOption.within(within)) == 0) {
        within = within.multipliedBy(2);
      }
      assertTrue(moveBy(file, path, TransferOption.idle(LIMIT)) > 0);
    }
  }

  /** Moves all but its last MiB up by one MiB: all of it, or nothing. */
  private static long moveBy(FileChannel file, Path path, TransferOption limit) throws IOException {
    byte[] expected = Files.readAllBytes(path);
    int shift = 1 << 20;
    int count = expected.length - shift;
    file.position(shift);
    long moved = Sluice.transferTo(file, 0, count, file, limit);
    if (moved != 0) {
      assertEquals(count, moved);
      System.arraycopy(expected.clone(), 0, expected, shift, count);
    }
    assertTrue(Arrays.equals(expected, Files.readAllBytes(path)));
    return moved;
  }

  @Test
  void theEndOfAFileIsNoLimit() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 1000);
      for (TargetKind kind : List.of(TargetKind.FILE, TargetKind.TCP, TargetKind.PIPE)) {
        for (long count : new long[] {1000, 2 << 20}) {
          List<TransferReport> reports =
              Sluice.explain(
                  () ->
                      Sluice.transferTo(
                          file,
                          1000,
                          count,
                          channels.target(kind).channel(),
                          TransferOption.idle(LONG)));
          assertEquals(Ending.END_OF_FILE, reports.get(0).ending(), kind + " " + count);
        }
      }
    }
  }

  @Test
  void theLastBytesAreToldHoweverTheTransferEnds() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Pipe pipe = Pipe.open();
      channels.keep(pipe.sink()).write(ByteBuffer.allocate(10));
      channels.keep(pipe.source());
      SocketChannel[] pair = channels.tcp();
      List<Long> told = new ArrayList<>();
      TransferOption progress = TransferOption.progress(100, told::add);
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transfer(pipe.source(), pair[0], 1000, progress));
      ByteBuffer arrived = ByteBuffer.allocate(10);
      while (arrived.hasRemaining()) {
        pair[1].read(arrived);
      }
      Thread.sleep(100);
      pair[0].close();
      assertEquals(10, transfer.get(20, TimeUnit.SECONDS));
      assertEquals(List.of(10L), told);
    }
  }

  @Test
  void progressLeavesTheCountOfAForeignSourceThatFails() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("target", new byte[0]);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      InputStream failing =
          new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
              if (given == 10) {
                throw new IOException("no more");
              }
              return given++;
            }
          };
      TransferOption progress = TransferOption.progress(5, bytes -> {});
      long moved = Sluice.transferFrom(file, Channels.newChannel(failing), 0, 100, progress);
      assertEquals(10, moved);
      assertEquals(10, Files.size(path));
    }
  }

  @Test
  void actionsMayBeNestedAndOtherThreadsAreNotReported() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 1000);
      ChannelKinds.Target target = channels.target(TargetKind.TCP);
      List<TransferReport> inner = new ArrayList<>();
      List<TransferReport> outer =
          Sluice.explain(
              () -> {
                Sluice.transferTo(file, 0, 1, target.channel());
                inner.addAll(
                    Sluice.explain(() -> Sluice.explainTransferTo(file, 0, 2, target.channel())));
                inAnotherThread(() -> Sluice.transferTo(file, 0, 3, target.channel()));
                Mechanism.SENDFILE.transferTo(file, 0, 4, target.channel());
              });
      assertEquals(List.of(1L, 2L, 4L), outer.stream().map(TransferReport::bytes).toList());
      assertEquals(List.of(2L), inner.stream().map(TransferReport::bytes).toList());
      assertEquals(5, Sluice.transferTo(file, 0, 5, target.channel()));
    }
  }

  private static void inAnotherThread(Callable<Long> transfer) throws IOException {
    try {
      ChannelPair.started(transfer).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aForeignChannelIsToldOfButNotLimited() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 10_000);
      ChannelKinds.Target target = channels.target(TargetKind.ARBITRARY);
      for (TransferOption limit :
          List.of(TransferOption.within(LONG), TransferOption.idle(LONG), new Cancellation())) {
        assertThrows(
            UnsupportedOperationException.class,
            () -> Sluice.transferTo(file, 0, 10_000, target.channel(), limit));
      }
      assertEquals(0, target.arrived().bytes().length);
      List<Long> told = new ArrayList<>();
      TransferOption progress = TransferOption.progress(3000, told::add);
      assertEquals(10_000, Sluice.transferTo(file, 0, 10_000, target.channel(), progress));
      assertEquals(List.of(3000L, 6000L, 9000L, 10_000L), told);
      assertEquals(10_000, target.arrived().bytes().length);
    }
  }

  @Test
  void badOptionsAreRefusedBeforeAByteHasMoved() throws Exception {
    for (Duration bad : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertThrows(IllegalArgumentException.class, () -> TransferOption.within(bad));
      assertThrows(IllegalArgumentException.class, () -> TransferOption.idle(bad));
    }
    assertThrows(NullPointerException.class, () -> TransferOption.within(null));
    assertThrows(NullPointerException.class, () -> TransferOption.progress(1, null));
    assertThrows(IllegalArgumentException.class, () -> TransferOption.progress(0, bytes -> {}));
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, 1000);
      ChannelKinds.Target target = channels.target(TargetKind.TCP);
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Sluice.transferTo(
                  file,
                  0,
                  1000,
                  target.channel(),
                  TransferOption.within(LIMIT),
                  TransferOption.within(LONG)));
      assertThrows(
          NullPointerException.class,
          () -> Sluice.transferTo(file, 0, 1000, target.channel(), (TransferOption) null));
      assertThrows(
          UnsupportedOperationException.class,
          () -> Sluice.transferTo(file, 0, 1000, target.channel(), new TransferOption() {}));
      assertEquals(0, target.arrived().bytes().length);
    }
  }

  private FileChannel file(ChannelKinds channels, int bytes) throws IOException {
    return channels.keep(FileChannel.open(channels.path("source", new byte[bytes])));
  }
}

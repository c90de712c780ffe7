package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.nio.file.ExtendedOpenOption;
import dev.sluice.Cancellation;
import dev.sluice.Composite;
import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.TransferOption;
import dev.sluice.TransferReport;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ForeignFileChannel;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.VirtualThreads;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Buffers, files and regions go out in order, as one response, with an exact remainder. */
@Tag("both-guards")
class CompositeTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  @TempDir Path directory;

  private enum Target {
    TCP,
    UNIX
  }

  /** A composite of random parts, and its bytes. */
  private static final class Sample {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Composite composite = Composite.of();

    Sample(ChannelKinds channels, Random random, int parts, int most) throws IOException {
      for (int part = 0; part < parts; part++) {
        byte[] content =
            new byte[random.nextInt(4) == 0 ? random.nextInt(most) : random.nextInt(9000)];
        random.nextBytes(content);
        int from = content.length == 0 ? 0 : random.nextInt(content.length);
        int count = content.length - from;
        switch (random.nextInt(count == 0 ? 2 : parts % 3 == 0 ? 6 : 5)) {
          case 0 -> composite.add(ByteBuffer.wrap(content, from, count));
          case 1 -> {
            ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content);
            composite.add(direct.position(from).asReadOnlyBuffer());
          }
          case 2 -> composite.add(file(channels, content), from, count);
          case 3 ->
              composite.add(
                  channels.keep(SluiceFileChannel.open(channels.path("part", content))),
                  from,
                  count);
          case 4 -> composite.add(region(channels, content), from, count);
          default ->
              composite.add(
                  channels.keep(new ForeignFileChannel(file(channels, content))), from, count);
        }
        bytes.write(content, from, count);
      }
    }

    private static MappedRegion region(ChannelKinds channels, byte[] content) throws IOException {
      FileChannel file = file(channels, content);
      MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, content.length);
      channels.keep(
          new java.nio.channels.Channel() {
            @Override
            public boolean isOpen() {
              return true;
            }

            @Override
            public void close() throws IOException {
              region.close();
            }
          });
      return region;
    }
  }

  private static FileChannel file(ChannelKinds channels, byte[] content) throws IOException {
    return channels.keep(FileChannel.open(channels.path("part", content)));
  }

  private static SocketChannel[] pair(ChannelKinds channels, Target target) throws IOException {
    return target == Target.TCP ? channels.tcp() : channels.unix();
  }

  @TestFactory
  Stream<DynamicTest> everythingArrivesInOrder() {
    List<DynamicTest> cases = new ArrayList<>();
    for (Target target : Target.values()) {
      for (ThreadKind thread : ThreadKind.values()) {
        for (boolean isBlocking : new boolean[] {true, false}) {
          if (thread == ThreadKind.PLATFORM || VirtualThreads.ARE_THERE) {
            cases.add(
                dynamicTest(
                    target + " " + thread + (isBlocking ? " blocking" : " non-blocking"),
                    () -> arrives(target, thread, isBlocking)));
          }
        }
      }
    }
    return cases.stream();
  }

  private void arrives(Target target, ThreadKind thread, boolean isBlocking) throws Exception {
    Random random = new Random(target.ordinal() * 2 + thread.ordinal());
    for (int round = 0; round < 25; round++) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        Sample sample = new Sample(channels, random, 1 + random.nextInt(9), 3 << 20);
        byte[] expected = sample.bytes.toByteArray();
        assertEquals(expected.length, sample.composite.remaining());
        SocketChannel[] pair = pair(channels, target);
        pair[0].configureBlocking(isBlocking);
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        FutureTask<Long> sent = new FutureTask<>(() -> sendAll(sample.composite, pair[0]));
        thread.start(sent);
        assertEquals(expected.length, sent.get(20, TimeUnit.SECONDS));
        pair[0].close();
        assertArrayEquals(expected, arrived.get(20, TimeUnit.SECONDS));
      }
    }
  }

  private static long sendAll(Composite composite, SocketChannel target) throws IOException {
    long all = composite.remaining();
    long sent = 0;
    do {
      sent += composite.sendTo(target);
      assertEquals(all - sent, composite.remaining());
      assertTrue(composite.remaining() == 0 || !target.isBlocking());
      Thread.yield();
    } while (composite.remaining() > 0);
    return sent;
  }

  @Test
  void aStalledPeerMeetsTheLimitAndTheRestGoesOutLater() throws Exception {
    Random random = new Random(3);
    for (Target target : Target.values()) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        byte[] content = new byte[24 << 20];
        random.nextBytes(content);
        Composite composite =
            Composite.of(ByteBuffer.wrap(content, 0, 300))
                .add(file(channels, content), 300, (23 << 20) - 300)
                .add(ByteBuffer.wrap(content, 23 << 20, 1 << 20));
        SocketChannel[] pair = pair(channels, target);
        TimeLimit time = TimeLimit.begin();
        long sent = composite.sendTo(pair[0], TransferOption.within(LIMIT));
        time.assertWithin(time.millis() - LIMIT.toMillis(), target.name());
        assertTrue(sent >= 300 && sent < content.length);
        assertEquals(content.length - sent, composite.remaining());
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        assertEquals(0, composite.sendTo(pair[0], cancelled));
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        List<Long> told = new ArrayList<>();
        sent += composite.sendTo(pair[0], TransferOption.progress(1 << 20, told::add));
        assertEquals(content.length, sent);
        assertFalse(told.isEmpty());
        pair[0].close();
        assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void aHeadAndASmallFileAreOnePacketAndAHeadAndAFileTwoCalls() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      pair[0].setOption(StandardSocketOptions.TCP_NODELAY, true);
      Composite small =
          Composite.of(ByteBuffer.allocate(300)).add(file(channels, new byte[4096]), 0, 4096);
      List<TransferReport> reports = Sluice.explain(() -> small.sendTo(pair[0]));
      assertEquals("[4396 bytes, COMPLETE: READ_WRITE 4396 bytes in 2 calls]", reports.toString());
      // A read answers what one segment brought, if the next has not come: the segments of two
      // writes come one by one.
      ByteBuffer all = ByteBuffer.allocate(10_000);
      assertEquals(4396, pair[1].read(all));
      Composite large =
          Composite.of(ByteBuffer.allocate(300)).add(file(channels, new byte[40_000]), 0, 40_000);
      reports = Sluice.explain(() -> large.sendTo(pair[0]));
      assertEquals(
          "[40300 bytes, COMPLETE: READ_WRITE 300 bytes in 1 call; SENDFILE 40000 bytes in 1 call]",
          reports.toString());
    }
  }

  @Test
  void aPartBeyondTheEndOfItsFileIsRefusedBeforeAByteIsSent() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      for (int size : new int[] {100, 100_000}) {
        Composite composite =
            Composite.of(ByteBuffer.allocate(10)).add(file(channels, new byte[size]), 50, size);
        EOFException told = assertThrows(EOFException.class, () -> composite.sendTo(pair[0]));
        assertTrue(told.getMessage().contains(" 50 bytes"), told.getMessage());
        assertEquals(size + 10, composite.remaining());
      }
      assertEquals(0, drained(pair).length);
    }
  }

  @Test
  void aSmallPartBeyondTheEndIsRefusedBeforeAByteIsSentHoweverManyAreSentAtATime()
      throws Exception {
    TransferOption[][] ways = {
      {},
      {TransferOption.progress(1000, moved -> {})},
      {TransferOption.idle(Duration.ofSeconds(20))},
    };
    for (TransferOption[] way : ways) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        // So small that a transfer with a limit sends the response in several calls.
        pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        FileChannel whole = file(channels, new byte[9000]);
        Composite composite =
            Composite.of(ByteBuffer.allocate(10))
                .add(whole, 0, 9000)
                .add(file(channels, new byte[9000]), 50, 9000)
                .add(ByteBuffer.allocate(5));
        for (int attempt = 0; attempt < 2; attempt++) {
          EOFException told =
              assertThrows(EOFException.class, () -> composite.sendTo(pair[0], way));
          assertTrue(told.getMessage().contains(" 50 bytes"), told.getMessage());
          assertEquals(18_015, composite.remaining());
        }
        Composite nothing = Composite.of(ByteBuffer.allocate(10)).add(whole, 9001, 0);
        assertThrows(EOFException.class, () -> nothing.sendTo(pair[0], way));
        whole.close();
        assertThrows(ClosedChannelException.class, () -> composite.sendTo(pair[0], way));
        assertTrue(pair[0].isOpen());
        assertEquals(0, drained(pair).length);
      }
    }
  }

  @Test
  void aFileThatIsCutMeanwhileSaysWhatIsMissing() throws Exception {
    for (boolean isBlocking : new boolean[] {true, false}) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        pair[0].configureBlocking(isBlocking);
        Path path = channels.path("cut", new byte[24 << 20]);
        FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
        Composite composite =
            Composite.of(ByteBuffer.allocate(10))
                .add(file, 0, 24 << 20)
                .add(ByteBuffer.allocate(5));
        long sent = composite.sendTo(pair[0], option(isBlocking));
        assertTrue(sent > 10);
        // The rest of the file is gone but for a byte.
        file.truncate(sent - 10 + 1);
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        EOFException told = assertThrows(EOFException.class, () -> insist(composite, pair[0]));
        assertTrue(
            told.getMessage().contains((24 << 20) - (sent - 10 + 1) + " bytes"), told.getMessage());
        assertEquals((24 << 20) - (sent - 10 + 1) + 5, composite.remaining());
        pair[0].close();
        assertEquals(sent + 1, arrived.get(20, TimeUnit.SECONDS).length);
      }
    }
  }

  @Test
  void aFileThatIsCutBelowWhatWasSentIsNoEndlessLoop() throws Exception {
    for (boolean isBlocking : new boolean[] {true, false}) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        pair[0].configureBlocking(isBlocking);
        Path path = channels.path("cut", new byte[24 << 20]);
        FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
        Composite composite = Composite.of(ByteBuffer.allocate(10)).add(file, 0, 24 << 20);
        long sent = composite.sendTo(pair[0], option(isBlocking));
        file.truncate(100);
        ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        assertThrows(EOFException.class, () -> insist(composite, pair[0]));
        assertEquals((24 << 20) + 10 - sent, composite.remaining());
      }
    }
  }

  @Test
  void theRemainderIsExactAfterAnInterruptToo() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel foreign =
          channels.keep(new ForeignFileChannel(file(channels, new byte[24 << 20])));
      Composite composite = Composite.of(ByteBuffer.allocate(10)).add(foreign, 0, 24 << 20);
      FutureTask<Long> sent = new FutureTask<>(() -> composite.sendTo(pair[0]));
      Thread sender = ThreadKind.PLATFORM.start(sent);
      Thread.sleep(300);
      sender.interrupt();
      Throwable told =
          assertThrows(Exception.class, () -> sent.get(20, TimeUnit.SECONDS)).getCause();
      assertTrue(told instanceof ClosedByInterruptException, String.valueOf(told));
      assertEquals((24 << 20) + 10, composite.remaining() + ChannelPair.drain(pair[1]).length);
    }
  }

  @Test
  void theCallerIsToldWithinAFileToo() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      Composite composite =
          Composite.of(ByteBuffer.allocate(10))
              .add(file(channels, new byte[24 << 20]), 0, 24 << 20)
              .add(ByteBuffer.allocate(7));
      FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      List<Long> told = new ArrayList<>();
      composite.sendTo(pair[0], TransferOption.progress(1 << 20, told::add));
      pair[0].close();
      assertEquals((24 << 20) + 17, arrived.get(20, TimeUnit.SECONDS).length);
      assertEquals((24 << 20) + 17, told.get(told.size() - 1));
      assertTrue(told.size() > 12, told.toString());
    }
  }

  @Test
  void aSmallPartOfADirectFileGoesByACallOfItsOwn() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      byte[] content = new byte[8192];
      new Random(4).nextBytes(content);
      FileChannel file = channels.keep(direct(channels.path("direct", content)));
      Composite.of(ByteBuffer.allocate(3)).add(file, 0, 8192).sendTo(pair[0]);
      byte[] arrived = drained(pair);
      assertArrayEquals(content, Arrays.copyOfRange(arrived, 3, arrived.length));
    }
  }

  private static FileChannel direct(Path path) throws IOException {
    try {
      return FileChannel.open(path, ExtendedOpenOption.DIRECT);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "no O_DIRECT here: " + e);
      throw e;
    }
  }

  private static TransferOption[] option(boolean isBlocking) {
    return isBlocking
        ? new TransferOption[] {TransferOption.within(LIMIT)}
        : new TransferOption[] {};
  }

  private static void insist(Composite composite, SocketChannel target) throws Exception {
    for (int times = 0; times < 1000 && composite.remaining() > 0; times++) {
      composite.sendTo(target);
      Thread.sleep(1);
    }
  }

  @Test
  void anErrorOfTheSocketIsThrownAndTheRemainderIsExact() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      Composite composite =
          Composite.of(ByteBuffer.allocate(10))
              .add(file(channels, new byte[24 << 20]), 0, 24 << 20);
      pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
      FutureTask<Long> sent = ChannelPair.started(() -> composite.sendTo(pair[0]));
      Thread.sleep(100);
      pair[1].close();
      assertThrows(Exception.class, () -> sent.get(20, TimeUnit.SECONDS));
      assertTrue(composite.remaining() > 0 && composite.remaining() < (24 << 20) + 10);
      assertThrows(IOException.class, () -> composite.sendTo(pair[0]));
    }
  }

  @Test
  void aCloseEndsTheWait() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      Composite composite = Composite.of(ByteBuffer.allocate(24 << 20));
      FutureTask<Long> sent = ChannelPair.started(() -> composite.sendTo(pair[0]));
      Thread.sleep(200);
      TimeLimit time = TimeLimit.begin();
      pair[0].close();
      Throwable told =
          assertThrows(Exception.class, () -> sent.get(20, TimeUnit.SECONDS)).getCause();
      time.assertEnded();
      assertTrue(told instanceof AsynchronousCloseException, String.valueOf(told));
      assertThrows(ClosedChannelException.class, () -> composite.sendTo(pair[0]));
    }
  }

  @Test
  void badInputIsRefusedAtOnce() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, new byte[100]);
      Composite composite = Composite.of(ByteBuffer.allocate(1));
      assertThrows(NullPointerException.class, () -> Composite.of((ByteBuffer) null));
      assertThrows(NullPointerException.class, () -> composite.add((FileChannel) null, 0, 0));
      assertThrows(NullPointerException.class, () -> composite.add((MappedRegion) null, 0, 0));
      assertThrows(NullPointerException.class, () -> composite.sendTo(null));
      assertThrows(IllegalArgumentException.class, () -> composite.add(file, -1, 1));
      assertThrows(IllegalArgumentException.class, () -> composite.add(file, 1, -1));
      assertThrows(ArithmeticException.class, () -> composite.add(file, 0, Long.MAX_VALUE));
      try (MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, 100)) {
        assertThrows(IndexOutOfBoundsException.class, () -> composite.add(region, 90, 11));
        assertThrows(IndexOutOfBoundsException.class, () -> composite.add(region, -1, 1));
      }
      assertEquals(1, composite.remaining());
      try (SocketChannel unconnected = SocketChannel.open()) {
        assertThrows(NotYetConnectedException.class, () -> composite.sendTo(unconnected));
      }
      SocketChannel[] pair = channels.tcp();
      FileChannel writeOnly =
          channels.keep(
              FileChannel.open(channels.path("w", new byte[9]), StandardOpenOption.WRITE));
      Composite unreadable = Composite.of(ByteBuffer.allocate(1)).add(writeOnly, 0, 9);
      assertThrows(NonReadableChannelException.class, () -> unreadable.sendTo(pair[0]));
      assertEquals(1, composite.sendTo(pair[0]));
      assertThrows(IllegalStateException.class, () -> composite.add(ByteBuffer.allocate(1)));
      assertEquals(0, composite.sendTo(pair[0]));
      assertEquals(1, drained(pair).length);
    }
  }

  private static byte[] drained(SocketChannel[] pair) throws IOException {
    pair[0].close();
    return ChannelPair.drain(pair[1]);
  }
}

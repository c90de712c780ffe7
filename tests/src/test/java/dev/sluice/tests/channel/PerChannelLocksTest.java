package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Internals;
import dev.sluice.tests.support.TimeLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transfers to one socket take turns; transfers from one file do not wait for each other. */
@Tag("both-guards")
@Tag("emulated")
class PerChannelLocksTest {
  private static final int SIZE = 16 << 20;

  @TempDir Path directory;

  private FileChannel file(ChannelKinds channels, byte value) throws Exception {
    byte[] content = new byte[SIZE];
    Arrays.fill(content, value);
    return channels.keep(FileChannel.open(channels.path("file", content)));
  }

  /** A transfer that has begun, and has had the time to fill the buffers that nobody empties. */
  private static FutureTask<Long> begun(FileChannel file, SocketChannel[] pair) throws Exception {
    FutureTask<Long> transfer =
        ChannelPair.started(() -> Sluice.transferTo(file, 0, SIZE, pair[0]));
    while (pair[1].socket().getInputStream().available() == 0) {
      Thread.sleep(1);
    }
    Thread.sleep(50);
    return transfer;
  }

  /** A transfer that waits for its turn. */
  private static Thread waiting(FutureTask<Long> transfer) throws Exception {
    Thread thread = new Thread(transfer);
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    return thread;
  }

  private static FutureTask<Long> transfer(FileChannel file, SocketChannel[] pair) {
    return new FutureTask<>(() -> Sluice.transferTo(file, 0, SIZE, pair[0]));
  }

  @Test
  void twoTransfersToOneSocketDoNotMix() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel ones = file(channels, (byte) 1);
      FileChannel twos = file(channels, (byte) 2);
      FutureTask<Long> first = begun(ones, pair);
      FutureTask<Long> second = transfer(twos, pair);
      waiting(second);
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertEquals(SIZE, first.get(10, TimeUnit.SECONDS));
      assertEquals(SIZE, second.get(10, TimeUnit.SECONDS));
      pair[0].close();
      assertInOrder(all.get(10, TimeUnit.SECONDS), 1, 2);
    }
  }

  @Test
  void aPlainWriteWaitsItsTurnAndAReadDoesNot() throws Exception {
    assumeFalse(
        !Internals.has("sockets"),
        "a plain write knows of a transfer by the channel's own lock only");
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel ones = file(channels, (byte) 1);
      FutureTask<Long> transfer = begun(ones, pair);
      FutureTask<Integer> write =
          ChannelPair.started(() -> pair[0].write(ByteBuffer.wrap(new byte[] {2, 2, 2})));
      pair[1].write(ByteBuffer.allocate(4));
      assertEquals(4, pair[0].read(ByteBuffer.allocate(10)));
      assertFalse(write.isDone());
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertEquals(SIZE, transfer.get(10, TimeUnit.SECONDS));
      assertEquals(3, write.get(10, TimeUnit.SECONDS));
      pair[0].close();
      assertInOrder(all.get(10, TimeUnit.SECONDS), 1, 2);
    }
  }

  private static void assertInOrder(byte[] all, int before, int after) {
    int from = 0;
    while (from < all.length && all[from] == before) {
      from++;
    }
    assertEquals(SIZE, from);
    for (int i = from; i < all.length; i++) {
      assertEquals(after, all[i]);
    }
  }

  @Test
  void whoWaitsForItsTurnIsEndedByACloseOfItsFile() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel ones = file(channels, (byte) 1);
      FileChannel twos = file(channels, (byte) 2);
      FutureTask<Long> first = begun(ones, pair);
      FutureTask<Long> second = transfer(twos, pair);
      waiting(second);
      TimeLimit begun = TimeLimit.begin();
      twos.close();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> second.get(3, TimeUnit.SECONDS));
      assertInstanceOf(AsynchronousCloseException.class, e.getCause());
      begun.assertEnded();
      assertFalse(first.isDone());
      assertTrue(pair[0].isOpen());
    }
  }

  @Test
  void whoWaitsForItsTurnIsEndedByAnInterrupt() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel ones = file(channels, (byte) 1);
      FileChannel twos = file(channels, (byte) 2);
      FutureTask<Long> first = begun(ones, pair);
      FutureTask<Long> second = transfer(twos, pair);
      Thread waiting = waiting(second);
      TimeLimit begun = TimeLimit.begin();
      waiting.interrupt();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> second.get(3, TimeUnit.SECONDS));
      assertInstanceOf(ClosedByInterruptException.class, e.getCause());
      begun.assertEnded();
      // As NIO closes the channel when the interrupted thread's turn has come.
      assertFalse(pair[0].isOpen());
      assertFalse(twos.isOpen());
      assertTrue(first.get(3, TimeUnit.SECONDS) > 0);
    }
  }

  @Test
  void aTransferFromAFilesOwnPositionHoldsUpItsLikeAlone() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, (byte) 1);
      SocketChannel[] stalled = channels.tcp();
      SocketChannel[] second = channels.tcp();
      SocketChannel[] other = channels.tcp();
      file.position(10);
      FutureTask<Long> first = ChannelPair.started(() -> Sluice.transfer(file, stalled[0], SIZE));
      Thread.sleep(50);
      assertFalse(first.isDone());
      assertEquals(SIZE, ChannelPair.started(file::size).get(3, TimeUnit.SECONDS));
      assertTrue(ChannelPair.started(file::position).get(3, TimeUnit.SECONDS) >= 10);
      assertEquals(5, Sluice.transferTo(file, 0, 5, other[0]));
      FutureTask<Long> waits = ChannelPair.started(() -> Sluice.transfer(file, second[0], 5));
      FutureTask<Long> ended = ChannelPair.started(() -> Sluice.transfer(file, other[0], 5));
      Thread.sleep(50);
      assertFalse(waits.isDone() || ended.isDone());
      TimeLimit begun = TimeLimit.begin();
      other[0].close();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> ended.get(3, TimeUnit.SECONDS));
      assertInstanceOf(AsynchronousCloseException.class, e.getCause());
      begun.assertEnded();
      long fits = taken(stalled[1], 1 << 20);
      stalled[0].close();
      long moved = first.get(3, TimeUnit.SECONDS);
      assertTrue(moved >= fits && moved < SIZE - 10, moved + " bytes");
      // Its turn has come, and it begins where the first has ended.
      assertEquals(5, waits.get(3, TimeUnit.SECONDS));
      assertEquals(10 + moved + 5, file.position());
    }
  }

  @Test
  void aPipeServesOthersWhileATransferIntoItWaitsForASocket() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] source = channels.tcp();
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source());
      channels.keep(pipe.sink());
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transfer(source[0], pipe.sink(), SIZE));
      source[1].write(ByteBuffer.allocate(10));
      FutureTask<Integer> read =
          ChannelPair.started(() -> pipe.source().read(ByteBuffer.allocate(100)));
      assertEquals(10, read.get(3, TimeUnit.SECONDS));
      pipe.source().configureBlocking(false);
      FutureTask<Integer> empty =
          ChannelPair.started(() -> pipe.source().read(ByteBuffer.allocate(100)));
      assertEquals(0, empty.get(3, TimeUnit.SECONDS));
      FutureTask<Boolean> closed = ChannelPair.started(() -> isClosed(pipe.source()));
      assertTrue(closed.get(3, TimeUnit.SECONDS));
      assertFalse(transfer.isDone());
    }
  }

  @Test
  void aPipeServesOthersWhileATransferFromItWaitsForASocket() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] target = channels.tcp();
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source());
      channels.keep(pipe.sink());
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transfer(pipe.source(), target[0], 4L * SIZE));
      // More bytes than the socket has room for, and then as many as the pipe has room for.
      pipe.sink().configureBlocking(false);
      AtomicLong written = new AtomicLong();
      FutureTask<Long> fill =
          ChannelPair.started(
              () -> {
                for (int refused = 0; refused < 10; ) {
                  int now = pipe.sink().write(ByteBuffer.allocate(1 << 16));
                  written.addAndGet(now);
                  refused = now > 0 ? 0 : refused + 1;
                  Thread.sleep(now > 0 ? 0 : 10);
                }
                return written.get();
              });
      assertTrue(fill.get(10, TimeUnit.SECONDS) > 0);
      assertFalse(transfer.isDone());
      FutureTask<Boolean> closed = ChannelPair.started(() -> isClosed(pipe.sink()));
      assertTrue(closed.get(3, TimeUnit.SECONDS));
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(target[1]));
      assertEquals(written.get(), transfer.get(10, TimeUnit.SECONDS));
      target[0].close();
      assertEquals(written.get(), all.get(10, TimeUnit.SECONDS).length);
    }
  }

  private static boolean isClosed(Channel channel) throws IOException {
    channel.close();
    return !channel.isOpen();
  }

  private static long taken(SocketChannel peer, long least) throws Exception {
    long taken = 0;
    while (taken < least) {
      taken += peer.read(ByteBuffer.allocate(1 << 16));
    }
    return taken;
  }

  @Test
  void oneFileIsSentToTwoSocketsInParallel() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels, (byte) 1);
      SocketChannel[] stalled = channels.tcp();
      SocketChannel[] other = channels.tcp();
      FutureTask<Long> first = begun(file, stalled);
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(other[1]));
      assertEquals(SIZE - 5, Sluice.transferTo(file, 5, SIZE, other[0]));
      assertFalse(first.isDone());
      // Nor is its own position looked at or moved.
      assertEquals(0, file.position());
      other[0].close();
      assertEquals(SIZE - 5, all.get(10, TimeUnit.SECONDS).length);
    }
  }
}

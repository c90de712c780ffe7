package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.TimeLimit;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A channel keeps the blocking mode that its user has set, although a transfer may change that of
 * the descriptor.
 */
@Tag("both-guards")
@Tag("emulated")
class BlockingModeTest {
  private static final int SIZE = 32 << 20;

  @TempDir Path directory;

  private FileChannel file(ChannelKinds channels) throws Exception {
    FileChannel file =
        channels.keep(
            FileChannel.open(channels.path("file", new byte[0]), ChannelKinds.readWrite()));
    file.write(ByteBuffer.allocate(1), SIZE - 1);
    return file;
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "UNIX"})
  void aBlockingSocketReadsAndWritesAsBeforeDuringAndAfterATransfer(GuardCase.Kind kind)
      throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = kind == GuardCase.Kind.TCP ? channels.tcp() : channels.unix();
      FileChannel file = file(channels);
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transferTo(file, 0, SIZE, pair[0]));
      Thread.sleep(50);
      assertTrue(pair[0].isBlocking());
      // It waits for the byte that comes later, while the transfer is stalled.
      FutureTask<Integer> read = ChannelPair.started(() -> pair[0].read(ByteBuffer.allocate(10)));
      Thread.sleep(50);
      assertFalse(read.isDone());
      assertFalse(transfer.isDone());
      pair[1].write(ByteBuffer.allocate(1));
      assertEquals(1, read.get(5, TimeUnit.SECONDS));
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertEquals(SIZE, transfer.get(10, TimeUnit.SECONDS));
      assertTrue(pair[0].isBlocking());
      // A plain write of more than the buffers hold is complete, as in blocking mode.
      assertEquals(SIZE, pair[0].write(ByteBuffer.allocate(SIZE)));
      FutureTask<Integer> later = ChannelPair.started(() -> pair[0].read(ByteBuffer.allocate(10)));
      Thread.sleep(50);
      assertFalse(later.isDone());
      pair[1].write(ByteBuffer.allocate(2));
      assertEquals(2, later.get(5, TimeUnit.SECONDS));
      pair[0].close();
      assertEquals(2L * SIZE, all.get(10, TimeUnit.SECONDS).length);
    }
  }

  @Test
  void aBlockingPipeReadsAndWritesAsBeforeAfterATransfer() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source());
      channels.keep(pipe.sink());
      FileChannel file = file(channels);
      pipe.sink().write(ByteBuffer.allocate(10));
      assertEquals(10, Sluice.transferFrom(file, pipe.source(), 0, 10));
      assertEquals(20, Sluice.transferTo(file, 0, 20, pipe.sink()));
      assertTrue(pipe.source().isBlocking());
      assertTrue(pipe.sink().isBlocking());
      assertEquals(20, pipe.source().read(ByteBuffer.allocate(100)));
      FutureTask<Integer> read =
          ChannelPair.started(() -> pipe.source().read(ByteBuffer.allocate(9)));
      Thread.sleep(50);
      assertFalse(read.isDone());
      pipe.sink().write(ByteBuffer.allocate(3));
      assertEquals(3, read.get(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void aSocketInNonBlockingModeTakesWhatItCanAndThenNothingAtOnce() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      pair[0].configureBlocking(false);
      FileChannel file = file(channels);
      long moved = 0;
      long now;
      do {
        // The buffers may grow meanwhile: the last call is the one that finds no room.
        TimeLimit begun = TimeLimit.begin();
        now = Sluice.transferTo(file, moved, SIZE - moved, pair[0]);
        begun.assertEnded();
        moved += now;
      } while (now > 0);
      assertTrue(moved > 0 && moved < SIZE, moved + " bytes");
      TimeLimit begun = TimeLimit.begin();
      assertEquals(0, Sluice.transferFrom(file, pair[0], 0, 10));
      begun.assertEnded();
      assertFalse(pair[0].isBlocking());
      assertEquals(0, pair[0].read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void anEventLoopSendsAFileThatGrowsToItsEnd() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      pair[0].configureBlocking(false);
      FileChannel file = file(channels);
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      long moved = 0;
      try (Selector selector = Selector.open()) {
        pair[0].register(selector, SelectionKey.OP_WRITE);
        long now;
        do {
          selector.select();
          selector.selectedKeys().clear();
          now = Sluice.transferTo(file, moved, Long.MAX_VALUE - moved, pair[0]);
          moved += now;
          if (moved == SIZE) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), SIZE);
          }
        } while (moved < SIZE + 3);
        assertEquals(0, Sluice.transferTo(file, moved, 1, pair[0]));
        assertEquals(0, Sluice.transferTo(file, moved + 10, Long.MAX_VALUE, pair[0]));
      }
      pair[0].close();
      byte[] arrived = all.get(10, TimeUnit.SECONDS);
      assertEquals(SIZE + 3, arrived.length);
      assertEquals(3, arrived[SIZE + 2]);
    }
  }

  @Test
  void anEventLoopIsToldOfAClosedAndOfAnInterruptedTransferAsByNio() throws Exception {
    for (boolean isFull : new boolean[] {true, false}) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        pair[0].configureBlocking(false);
        FileChannel file = file(channels);
        while (isFull && Sluice.transferTo(file, 0, SIZE, pair[0]) > 0) {
          Thread.onSpinWait();
        }
        pair[0].shutdownOutput();
        Class<? extends Exception> byNio =
            assertThrows(ClosedChannelException.class, () -> pair[0].write(ByteBuffer.allocate(1)))
                .getClass();
        Exception told =
            assertThrows(
                ClosedChannelException.class, () -> Sluice.transferTo(file, 0, SIZE, pair[0]));
        assertInstanceOf(byNio, told);
        SocketChannel[] other = channels.tcp();
        other[0].configureBlocking(false);
        Thread.currentThread().interrupt();
        assertThrows(
            ClosedByInterruptException.class, () -> Sluice.transferTo(file, 0, SIZE, other[0]));
        assertTrue(Thread.interrupted());
        assertFalse(file.isOpen());
        assertFalse(other[0].isOpen());
      }
    }
  }

  @Test
  void aPipeInNonBlockingModeTakesWhatItCanAndThenNothingAtOnce() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source()).configureBlocking(false);
      channels.keep(pipe.sink()).configureBlocking(false);
      FileChannel file = file(channels);
      assertEquals(0, Sluice.transferFrom(file, pipe.source(), 0, 10));
      long moved = 0;
      long now;
      while ((now = Sluice.transferTo(file, moved, SIZE - moved, pipe.sink())) > 0) {
        moved += now;
      }
      assertTrue(moved > 0 && moved < SIZE, moved + " bytes");
      TimeLimit begun = TimeLimit.begin();
      assertEquals(0, Sluice.transferTo(file, moved, SIZE - moved, pipe.sink()));
      begun.assertEnded();
      assertFalse(pipe.sink().isBlocking());
      assertEquals(moved, Sluice.transferFrom(file, pipe.source(), 0, SIZE));
      assertFalse(pipe.source().isBlocking());
    }
  }

  @Test
  void aReadWithATimeoutBesideATransferLeavesItCloseable() throws Exception {
    for (boolean closesFile : new boolean[] {true, false}) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        FileChannel file = file(channels);
        FutureTask<Long> transfer =
            ChannelPair.started(() -> Sluice.transferTo(file, 0, SIZE, pair[0]));
        Thread.sleep(50);
        pair[0].socket().setSoTimeout(20);
        assertThrows(SocketTimeoutException.class, () -> pair[0].socket().getInputStream().read());
        // It goes on, and stalls again.
        int taken = 0;
        while (taken < 4 << 20) {
          taken += pair[1].read(ByteBuffer.allocate(1 << 20));
        }
        Thread.sleep(50);
        assertFalse(transfer.isDone());
        TimeLimit begun = TimeLimit.begin();
        FutureTask<Void> closer =
            ChannelPair.started(
                () -> {
                  (closesFile ? file : pair[0]).close();
                  return null;
                });
        closer.get(3, TimeUnit.SECONDS);
        assertTrue(transfer.get(3, TimeUnit.SECONDS) >= taken);
        begun.assertEnded();
        assertEquals(!closesFile, file.isOpen());
        assertEquals(closesFile, pair[0].isOpen());
      }
    }
  }

  @Test
  void aReadWithATimeoutKeepsItWhenATransferBesideItEnds() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel file = file(channels);
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transferTo(file, 0, SIZE, pair[0]));
      Thread.sleep(50);
      pair[0].socket().setSoTimeout(500);
      FutureTask<Integer> read =
          ChannelPair.started(() -> pair[0].socket().getInputStream().read());
      Thread.sleep(50);
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      assertEquals(SIZE, transfer.get(10, TimeUnit.SECONDS));
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> read.get(5, TimeUnit.SECONDS));
      assertInstanceOf(SocketTimeoutException.class, e.getCause());
      pair[0].close();
      assertEquals(SIZE, all.get(10, TimeUnit.SECONDS).length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 5 << 20})
  void anInterruptedThreadSendsNothingToASocketInNonBlockingMode(int count) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      pair[0].configureBlocking(false);
      FileChannel file = file(channels);
      Thread.currentThread().interrupt();
      try {
        assertThrows(
            ClosedByInterruptException.class, () -> Sluice.transferTo(file, 0, count, pair[0]));
        assertTrue(Thread.currentThread().isInterrupted());
      } finally {
        Thread.interrupted();
      }
      assertFalse(file.isOpen() || pair[0].isOpen());
    }
  }

  @Test
  void aSelectorGoesOnSelectingAChannelThatIsTransferredToAndFrom() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory);
        Selector selector = Selector.open()) {
      SocketChannel[] pair = channels.tcp();
      pair[0].configureBlocking(false);
      SelectionKey key = pair[0].register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      FileChannel file = file(channels);
      FutureTask<byte[]> all = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      long moved = 0;
      while (moved < SIZE) {
        assertEquals(1, selector.select(5_000));
        assertTrue(key.isWritable());
        selector.selectedKeys().clear();
        moved += Sluice.transferTo(file, moved, SIZE - moved, pair[0]);
      }
      key.interestOps(SelectionKey.OP_READ);
      assertEquals(0, selector.selectNow());
      pair[1].write(ByteBuffer.allocate(7));
      assertEquals(1, selector.select(5_000));
      assertEquals(7, Sluice.transferFrom(file, pair[0], 0, 100));
      selector.selectedKeys().clear();
      assertEquals(0, selector.selectNow());
      key.cancel();
      selector.selectNow();
      pair[0].configureBlocking(true);
      pair[0].close();
      assertEquals(SIZE, all.get(10, TimeUnit.SECONDS).length);
    }
  }

  @Test
  void theTimeoutOfASocketStaysAndTimesItsOwnReadsAlone() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      pair[0].socket().setSoTimeout(50);
      FileChannel file = file(channels);
      FutureTask<Long> transfer =
          ChannelPair.started(() -> Sluice.transferFrom(file, pair[0], 0, 5));
      Thread.sleep(200);
      assertFalse(transfer.isDone());
      pair[1].write(ByteBuffer.allocate(5));
      assertEquals(5, transfer.get(5, TimeUnit.SECONDS));
      assertEquals(50, pair[0].socket().getSoTimeout());
      assertThrows(SocketTimeoutException.class, () -> pair[0].socket().getInputStream().read());
      assertEquals(5, Sluice.transferTo(file, 0, 5, pair[0]));
    }
  }
}

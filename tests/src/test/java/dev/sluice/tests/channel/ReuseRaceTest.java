package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The number of a descriptor is given to another file while a transfer runs: that file neither gets
 * a byte of the transfer nor loses one to it.
 */
@Tag("both-guards")
class ReuseRaceTest {
  private static final int ROUNDS = 1_000;
  private static final int MOST_TRIES = 20 * ROUNDS;
  private static final int SIZE = 8 << 20;
  private static final long NOT_BEGUN = -1;

  @TempDir Path directory;

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong newcomers = new AtomicLong();
  private final AtomicLong cutShort = new AtomicLong();
  private final AtomicLong tries = new AtomicLong();

  @Test
  void noNewcomerGetsOrLosesAByte() throws Exception {
    Path content = Files.write(directory.resolve("content"), new byte[SIZE]);
    List<FutureTask<Void>> opening = new ArrayList<>();
    opening.add(ChannelPair.started(this::openFiles));
    opening.add(ChannelPair.started(this::openSockets));
    Random random = new Random(42);
    try {
      // Enough transfers are under way when the close comes; chance decides how many others are
      // not.
      while (cutShort.get() < ROUNDS && tries.incrementAndGet() < MOST_TRIES) {
        closeDuringATransfer(content, random);
      }
    } finally {
      isOver.set(true);
    }
    for (FutureTask<Void> each : opening) {
      each.get();
    }
    assertTrue(newcomers.get() > ROUNDS, newcomers + " newcomers");
    assertEquals(ROUNDS, cutShort.get(), "of " + tries + " transfers were under way");
  }

  private void closeDuringATransfer(Path content, Random random) throws Exception {
    boolean isUpload = random.nextBoolean();
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FileChannel file =
          channels.keep(
              isUpload
                  ? FileChannel.open(directory.resolve("upload"), uploadOptions())
                  : FileChannel.open(content));
      CountDownLatch begun = new CountDownLatch(1);
      FutureTask<Long> transfer =
          ChannelPair.started(
              () -> {
                begun.countDown();
                try {
                  return isUpload
                      ? Sluice.transferFrom(file, pair[0], 0, SIZE)
                      : Sluice.transferTo(file, 0, SIZE, pair[0]);
                } catch (AsynchronousCloseException e) {
                  return 0L;
                } catch (ClosedChannelException e) {
                  return NOT_BEGUN;
                }
              });
      if (isUpload) {
        pair[1].write(ByteBuffer.allocate(random.nextInt(100_000)));
      }
      begun.await();
      for (int spins = random.nextInt(2_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      (random.nextBoolean() ? file : pair[0]).close();
      long moved = transfer.get();
      assertTrue(moved < SIZE, moved + " bytes");
      if (moved != NOT_BEGUN) {
        cutShort.incrementAndGet();
      }
    }
  }

  private static StandardOpenOption[] uploadOptions() {
    return new StandardOpenOption[] {
      StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
    };
  }

  private Void openFiles() throws IOException {
    byte[] own = {1, 2, 3};
    Path path = Files.write(directory.resolve("newcomer"), own);
    while (!isOver.get()) {
      try (FileChannel one = FileChannel.open(path, ChannelKinds.readWrite());
          FileChannel other = FileChannel.open(path, ChannelKinds.readWrite())) {
        Thread.yield();
        assertEquals(own.length, one.size());
        assertEquals(0, one.position());
        assertEquals(0, other.position());
        newcomers.addAndGet(2);
      }
    }
    assertEquals(-1, java.util.Arrays.mismatch(own, Files.readAllBytes(path)));
    return null;
  }

  private Void openSockets() throws IOException {
    byte[] own = {4, 5, 6};
    while (!isOver.get()) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        SocketChannel[] pair = channels.tcp();
        pair[1].write(ByteBuffer.wrap(own));
        pair[1].shutdownOutput();
        Thread.yield();
        pair[0].shutdownOutput();
        ByteBuffer all = ByteBuffer.allocate(100);
        while (pair[0].read(all) >= 0) {}
        assertEquals(ByteBuffer.wrap(own), all.flip());
        assertEquals(-1, pair[1].read(ByteBuffer.allocate(1)));
        newcomers.addAndGet(2);
      }
    }
    return null;
  }
}

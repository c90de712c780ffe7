package dev.sluice.tests.chaos;

import dev.sluice.tests.chaos.Scenario.Supply;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CountDownLatch;

/** Writes to the stream that is the source, and ends it. */
final class SourceWriter implements Runnable {
  private static final int CHUNK = 1 << 16;

  private final WritableByteChannel channel;
  private final Supply supply;
  private final CountDownLatch transfersAreOver;

  /** The bytes that the kernel took. */
  volatile long fed;

  /** Whether it has ended the stream, or will not write any more. */
  volatile boolean isDone;

  SourceWriter(WritableByteChannel channel, Supply supply, CountDownLatch transfersAreOver) {
    this.channel = channel;
    this.supply = supply;
    this.transfersAreOver = transfersAreOver;
  }

  @Override
  public void run() {
    try {
      int until = Math.min(supply.bytes(), supply.stallAfter());
      write(until);
      DaemonThreads.sleep(supply.stallMillis());
      write(supply.bytes());
      end();
    } catch (IOException e) {
      // The source is gone, which is part of the scenario.
    } finally {
      isDone = true;
    }
  }

  private void write(int until) throws IOException {
    byte[] sent = ContentPattern.sent();
    while (fed < until) {
      int start = (int) fed;
      fed += channel.write(ByteBuffer.wrap(sent, start, Math.min(CHUNK, until - start)));
    }
  }

  private void end() throws IOException {
    switch (supply.ending()) {
      case STAYS_OPEN -> {
        isDone = true;
        await();
        channel.close();
      }
      case HALF_CLOSE -> {
        if (channel instanceof SocketChannel socket) {
          socket.shutdownOutput();
        } else {
          channel.close();
        }
      }
      case CLOSE -> channel.close();
      case RESET -> reset((SocketChannel) channel);
    }
  }

  private void await() throws IOException {
    try {
      transfersAreOver.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Sends a reset in place of an end of stream, and drops the bytes that were not sent yet. */
  static void reset(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }
}

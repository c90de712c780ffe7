package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CountDownLatch;

/** Writes to the target by plain NIO while transfers do. */
final class ForeignWriter implements Runnable {
  private static final int CHUNK = 300;

  private final WritableByteChannel channel;
  private final CountDownLatch transfersAreOver;

  /** The bytes that the kernel took. */
  volatile int written;

  volatile boolean hasFailed;

  ForeignWriter(WritableByteChannel channel, CountDownLatch transfersAreOver) {
    this.channel = channel;
    this.transfersAreOver = transfersAreOver;
  }

  @Override
  public void run() {
    byte[] bytes = ContentPattern.foreign();
    try {
      while (transfersAreOver.getCount() > 0 && written + CHUNK <= bytes.length) {
        written += channel.write(ByteBuffer.wrap(bytes, written, CHUNK));
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      hasFailed = true;
    }
  }
}

package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source by plain NIO: all that the transfers have left, or a share of it while they run.
 */
final class PlainReader implements Runnable {
  private static final int CHUNK = 300;

  private final ReadableByteChannel channel;
  private final CountDownLatch transfersAreOver;
  private final CollectedBytes taken = new CollectedBytes();

  /** The exception that ended the reader, or null at the end of the stream. */
  volatile @Nullable IOException failure;

  PlainReader(ReadableByteChannel channel, CountDownLatch transfersAreOver) {
    this.channel = channel;
    this.transfersAreOver = transfersAreOver;
  }

  /** The bytes that were read; to be asked for when the reader has ended. */
  CollectedBytes taken() {
    return taken;
  }

  @Override
  public void run() {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (transfersAreOver.getCount() > 0) {
        buffer.clear().limit(CHUNK);
        int read = channel.read(buffer);
        if (read < 0) {
          return;
        }
        taken.add(buffer.flip());
        if (read == 0) {
          DaemonThreads.sleep(1);
        }
      }
      if (channel instanceof SelectableChannel selectable) {
        selectable.configureBlocking(true);
      }
      while (channel.read(buffer.clear()) >= 0) {
        taken.add(buffer.flip());
      }
    } catch (IOException e) {
      failure = e;
    }
  }
}

package dev.sluice.tests.chaos;

import dev.sluice.tests.chaos.Scenario.Drain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;

/** Reads what arrives behind the target. */
final class TargetReader implements Runnable {
  private final ReadableByteChannel channel;
  private final Drain drain;
  private final CollectedBytes received = new CollectedBytes();
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  TargetReader(ReadableByteChannel channel, Drain drain) {
    this.channel = channel;
    this.drain = drain;
  }

  /** The bytes that were read; to be asked for when the reader has ended. */
  CollectedBytes received() {
    return received;
  }

  @Override
  public void run() {
    try {
      if (drain.stallMillis() > 0 || drain.then() != Scenario.Then.READ_ALL) {
        read(drain.stallAfter());
        DaemonThreads.sleep(drain.stallMillis());
      }
      switch (drain.then()) {
        case READ_ALL -> read(Integer.MAX_VALUE);
        case CLOSE -> channel.close();
        case RESET -> SourceWriter.reset((SocketChannel) channel);
      }
    } catch (IOException e) {
      // The target was reset from the other side, which the sum shows if it matters.
    }
  }

  /** Reads on, until there are {@code most} bytes. */
  private void read(int most) throws IOException {
    while (received.size() < most) {
      buffer.clear().limit(Math.min(buffer.capacity(), most - received.size()));
      if (channel.read(buffer) < 0) {
        return;
      }
      received.add(buffer.flip());
    }
  }
}

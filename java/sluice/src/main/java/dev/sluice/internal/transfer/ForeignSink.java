package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes every byte it is given to a foreign channel, one without a descriptor. */
final class ForeignSink extends Sink {
  private final WritableByteChannel target;

  ForeignSink(WritableByteChannel target) {
    this.target = target;
  }

  @Override
  void store(ByteBuffer given, boolean isShared) throws IOException {
    int size = given.remaining();
    while (given.hasRemaining()) {
      int start = given.position();
      byte[] bytes = ForeignBuffers.take(given, Math.min(size, given.remaining()));
      int taken = ForeignAnswer.write(target, ByteBuffer.wrap(bytes));
      if (taken == 0) {
        throw new IOException("the target is in non-blocking mode and full");
      }
      storedBytes += taken;
      given.position(start + taken);
      if (taken < bytes.length) {
        size = ForeignBuffers.SMALL;
      }
    }
  }
}

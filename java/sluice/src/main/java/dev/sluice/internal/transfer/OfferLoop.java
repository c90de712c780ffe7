package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;

/**
 * The loop of a transfer from a source that can be read again: it offers pieces to a channel until
 * the count is reached or the channel takes less than it was offered.
 */
final class OfferLoop {
  private final RereadableSource source;
  private final WritableByteChannel target;
  private final long count;
  private long moved;

  OfferLoop(RereadableSource source, WritableByteChannel target, long count) {
    this.source = source;
    this.target = target;
    this.count = count;
  }

  /** The bytes that were moved so far. */
  long moved() {
    return moved;
  }

  long run() throws IOException {
    try (ForeignBuffers buffers = ForeignBuffers.of(target, count)) {
      boolean goesOn = true;
      while (goesOn && moved < count) {
        ByteBuffer offered = source.read(buffers.size(count - moved), moved, buffers);
        goesOn = offered != null && offer(offered, buffers);
      }
      return moved;
    } catch (ForeignAnswer.Contradiction e) {
      throw e;
    } catch (IOException e) {
      if (moved > 0 && !(e instanceof ClosedByInterruptException)) {
        return moved;
      }
      throw e;
    }
  }

  /** Whether the target may take more. */
  private boolean offer(ByteBuffer offered, ForeignBuffers buffers) throws IOException {
    int size = offered.limit();
    int taken = ForeignAnswer.write(target, offered);
    moved += taken;
    if (taken == size) {
      buffers.grow();
      return true;
    }
    // A target may take no more than so much at once, which the JDK's loop offers less than: it
    // is full when it does not take that.
    buffers.shrink();
    return taken >= ForeignBuffers.SMALL && size > ForeignBuffers.SMALL;
  }
}

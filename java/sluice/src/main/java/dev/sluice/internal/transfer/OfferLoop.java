package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;

/**
 * The loop of a transfer from a source that can be read again. The loop offers pieces to a channel
 * until the count is reached, the source ends, or the channel takes less than it was offered.
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

  /** The bytes that the target has taken so far. */
  long moved() {
    return moved;
  }

  /**
   * Runs the loop.
   *
   * @return the bytes that the target took
   * @throws IOException if nothing was moved, the thread was interrupted, or an answer contradicts
   *     its buffer's position
   */
  long run() throws IOException {
    try (ForeignBuffers buffers = ForeignBuffers.of(target, count)) {
      boolean goesOn = true;
      while (goesOn && moved < count) {
        ByteBuffer offered = source.offer(buffers.size(count - moved), moved, buffers);
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

  /** Makes one offer, and answers whether the target may take more. */
  private boolean offer(ByteBuffer offered, ForeignBuffers buffers) throws IOException {
    int size = offered.limit();
    int taken = ForeignAnswer.write(target, offered);
    moved += taken;
    if (taken == size) {
      buffers.grow();
      return true;
    }
    // A target may limit the bytes of one write although it is not full. The JDK's loop does not
    // meet such a limit, because it offers 8 KiB at most. A target is full when it takes fewer than
    // those.
    buffers.shrink();
    return taken >= ForeignBuffers.SMALL && size > ForeignBuffers.SMALL;
  }
}

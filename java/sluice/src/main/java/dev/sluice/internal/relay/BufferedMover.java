package dev.sluice.internal.relay;

import dev.sluice.internal.boundary.DirectBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes by the channels' own methods, where the native code is not loaded or cannot hold the
 * channels. A buffer is held while it holds bytes that the target has not taken, and no longer.
 */
final class BufferedMover implements Mover {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final SocketChannel source;
  private final SocketChannel target;

  /** Written by the loop's thread alone. */
  private volatile long moved;

  /** Bytes that the target has not taken; null while there are none. */
  private @Nullable ByteBuffer held;

  BufferedMover(SocketChannel source, SocketChannel target) {
    this.source = source;
    this.target = target;
  }

  @Override
  public long moved() {
    return moved;
  }

  @Override
  public boolean areOpen() {
    try {
      // It makes no system call, and throws if the channel or its output is closed.
      target.write(NOTHING);
      return source.isOpen();
    } catch (IOException e) {
      return false;
    }
  }

  /** None of the channel's own methods tells it without an effect. */
  @Override
  public void probeTarget() {}

  @Override
  public void probeSource() {}

  @Override
  public Need move() throws IOException {
    ByteBuffer bytes = held;
    if (bytes == null) {
      bytes = DirectBuffers.FOR_TRANSFERS.takeAny();
      held = bytes.limit(0);
      int taken = fill(bytes);
      if (taken <= 0) {
        strand();
        return taken < 0 ? Need.END : Need.SOURCE;
      }
    }
    moved += target.write(bytes);
    if (bytes.hasRemaining()) {
      return Need.TARGET;
    }
    strand();
    return Need.NOTHING;
  }

  /** Fills an empty buffer. If the source fails, the buffer is empty still. */
  private int fill(ByteBuffer bytes) throws IOException {
    int taken = 0;
    try {
      taken = source.read(bytes.clear());
      return taken;
    } finally {
      bytes.position(0).limit(Math.max(0, taken));
    }
  }

  @Override
  public long strand() {
    ByteBuffer bytes = held;
    if (bytes == null) {
      return 0;
    }
    held = null;
    int left = bytes.remaining();
    DirectBuffers.FOR_TRANSFERS.give(bytes);
    return left;
  }
}

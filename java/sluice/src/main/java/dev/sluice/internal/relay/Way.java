package dev.sluice.internal.relay;

import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One way of a relay: what moves its bytes, and for what its two channels are watched. */
final class Way {
  final Mover mover;
  private final SocketChannel target;
  private Need need = Need.NOTHING;

  /** For what the source is watched: {@code OP_READ} or nothing. */
  private int sourceOps;

  /** For what the target is watched: {@code OP_WRITE} or nothing. */
  private int targetOps;

  private Way(Mover mover, SocketChannel target) {
    this.mover = mover;
    this.target = target;
  }

  static Way between(SocketChannel source, SocketChannel target) throws IOException {
    Mover mover = spliced(source, target);
    return new Way(mover == null ? new BufferedMover(source, target) : mover, target);
  }

  private static @Nullable Mover spliced(SocketChannel source, SocketChannel target)
      throws IOException {
    if (!NativeLoader.isAvailable()) {
      return null;
    }
    Endpoint from = Endpoints.source(source);
    Endpoint to = Endpoints.target(target);
    return from == null || to == null ? null : new SplicedMover(from, to);
  }

  int sourceOps() {
    return sourceOps;
  }

  int targetOps() {
    return targetOps;
  }

  /** Whether this way can go on at once. */
  boolean isReady() {
    return need == Need.NOTHING;
  }

  boolean hasEnded() {
    return need == Need.END;
  }

  /** Whether the channels are as this way still needs them. */
  boolean isUsable() {
    return hasEnded() || mover.areOpen();
  }

  /** Takes what its source or its target has become ready for. */
  void ready(int opsOfSource, int opsOfTarget) {
    if (need == Need.SOURCE && (opsOfSource & SelectionKey.OP_READ) != 0
        || need == Need.TARGET && (opsOfTarget & SelectionKey.OP_WRITE) != 0) {
      need = Need.NOTHING;
    }
  }

  /** Tries again where another thread had a channel. */
  void retry() {
    if (need == Need.TURN) {
      need = Need.NOTHING;
    }
  }

  /**
   * Moves bytes for one turn. The end of the source becomes the end of the target's output.
   *
   * @return whether bytes were moved
   */
  boolean turn() throws IOException {
    long before = mover.moved();
    need = mover.move();
    if (need != Need.NOTHING) {
      sourceOps = need == Need.SOURCE ? SelectionKey.OP_READ : 0;
      targetOps = need == Need.TARGET ? SelectionKey.OP_WRITE : 0;
    }
    if (need == Need.END) {
      target.shutdownOutput();
    }
    return mover.moved() > before;
  }
}

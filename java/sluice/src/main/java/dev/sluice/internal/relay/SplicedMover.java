package dev.sluice.internal.relay;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.HeldPair;
import dev.sluice.internal.channel.PendingErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes by the native code, as a transfer between two streams does. Both channels are in
 * non-blocking mode. A pipe is held while it holds bytes that the target has not taken, and no
 * longer: the ledger is given back as soon as the native code needs it no more.
 */
final class SplicedMover extends HeldPair implements Mover {
  /**
   * The most bytes of one turn, so that other relays of the thread have theirs. With eight busy
   * relays and two threads, turns of 256 KiB took 1.4 times the CPU time of 1 MiB.
   */
  private static final long TURN_BYTES = 1L << 22;

  /** Memory for the address of no bytes. */
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1);

  /** Written by the loop's thread alone. */
  private volatile long moved;

  /** The bytes in flight between two turns; null while there are none. */
  private @Nullable Ledger ledger;

  private final boolean isIntoUnix;
  private boolean hasMoved;

  /** The end whose connection is looked at instead of a move, or null. */
  private @Nullable Endpoint probed;

  private Need need = Need.NOTHING;

  SplicedMover(Endpoint source, Endpoint target) throws IOException {
    super(source, target);
    SocketAddress near = ((SocketChannel) target.channel).getLocalAddress();
    isIntoUnix = near instanceof UnixDomainSocketAddress;
  }

  @Override
  public long moved() {
    return moved;
  }

  @Override
  public Need move() throws IOException {
    if (ledger == null) {
      ledger = Ledger.take();
    }
    hasMoved = false;
    try {
      return tryHold() ? need : Need.TURN;
    } finally {
      if (!ledger.isNeeded()) {
        ledger.release();
        ledger = null;
      }
    }
  }

  @Override
  protected boolean hasMoved() {
    return hasMoved;
  }

  /** A unix socket whose peer has closed it may still have bytes to give: that is no error. */
  @Override
  public void probeTarget() throws IOException {
    if (!isIntoUnix) {
      probe(target);
    }
  }

  @Override
  public void probeSource() throws IOException {
    probe(source);
  }

  private void probe(Endpoint end) throws IOException {
    hasMoved = true;
    probed = end;
    try {
      tryHold();
    } finally {
      probed = null;
    }
  }

  /**
   * A {@code send} of no bytes has no effect, but fails where the connection is broken. Where the
   * output is shut down, the kernel answers {@code EPIPE} unless it has another error to tell.
   */
  private void sendNothing(Endpoint end) throws IOException {
    int fd = end.enter();
    if (fd < 0) {
      return;
    }
    try {
      int shape = TransferShape.of(source.kind, target.kind) | TransferShape.POLLED;
      long answer = NativeTransfer.send(NativeMemory.address(NOTHING), 0, false, shape, fd);
      boolean isFailed = Progress.ending(answer) == Progress.FAILED;
      if (isFailed && (end == target || Progress.errno(answer) != Errno.EPIPE.number)) {
        throw Errno.ofStream(Progress.errno(answer), false);
      }
    } finally {
      end.leave();
    }
  }

  @Override
  protected boolean whileHeld() throws IOException {
    Endpoint looked = probed;
    if (looked != null) {
      sendNothing(looked);
      return true;
    }
    if (PendingErrors.areAny()) {
      PendingErrors.throwPending(source.channel, target.channel);
    }
    if (source.isInputShutDown() && !Objects.requireNonNull(ledger).isNeeded()) {
      need = Need.END;
      return true;
    }
    long answer = call(TURN_BYTES);
    if (answer == CLOSED) {
      throw new AsynchronousCloseException();
    }
    long bytes = Progress.bytes(answer);
    hasMoved = bytes > 0;
    moved += bytes;
    need = need(answer);
    return true;
  }

  @Override
  protected long callNative(int sourceFd, int targetFd) {
    int shape = TransferShape.of(source.kind, target.kind) | TransferShape.POLLED;
    int shared = source.isSharedWithReaders() ? TransferShape.SHARED_SOURCE : 0;
    return source.transfer(
        Mechanisms.AUTO,
        shape | shared | TransferShape.NEXT,
        sourceFd,
        target,
        targetFd,
        TURN_BYTES,
        Objects.requireNonNull(ledger).address);
  }

  private Need need(long answer) throws IOException {
    return switch (Progress.ending(answer)) {
      case Progress.SOURCE_WOULD_BLOCK -> Need.SOURCE;
      case Progress.TARGET_WOULD_BLOCK -> Need.TARGET;
      case Progress.END_OF_FILE -> end();
      case Progress.FAILED -> failed(answer);
      // The turn is over. An error that is pending is met by the next call.
      default -> Need.NOTHING;
    };
  }

  private Need end() throws IOException {
    IOException reset = PendingErrors.errorAtEnd(source.channel);
    if (reset != null) {
      throw reset;
    }
    return Need.END;
  }

  private Need failed(long answer) throws IOException {
    int errno = Progress.errno(answer);
    if (errno == Errno.EPIPE.number) {
      target.awaitShutdownOutput();
      if (areOpen() && isOverForUnix()) {
        return Need.END;
      }
    }
    if (!areOpen()) {
      throw new AsynchronousCloseException();
    }
    throw Errno.ofStream(errno, Progress.isOfSource(answer));
  }

  /**
   * Whether the source has ended when the target's peer is found to be gone. A unix socket whose
   * peer has closed it after it read everything is at its end, and nothing is lost. TCP answers
   * {@code EPIPE} after a reset only.
   */
  private boolean isOverForUnix() throws IOException {
    SocketChannel from = (SocketChannel) source.channel;
    if (!isIntoUnix || Objects.requireNonNull(ledger).isNeeded() || !isReadyWithoutBytes()) {
      return false;
    }
    // No byte can follow: this read answers the end, or throws the error that stands behind it.
    return from.read(ByteBuffer.allocate(1)) < 0;
  }

  private boolean isReadyWithoutBytes() {
    int fd = source.enter();
    if (fd < 0) {
      return false;
    }
    try {
      return NativeWait.poll(fd, NativeWait.POLLIN, 0) && !source.hasBytes();
    } finally {
      source.leave();
    }
  }

  @Override
  public long strand() {
    Ledger held = ledger;
    if (held == null) {
      return 0;
    }
    ledger = null;
    try {
      return held.strand();
    } finally {
      held.release();
    }
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.GuardedWriter;
import dev.sluice.internal.channel.PendingErrors;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.jdk.StreamGuards;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A transfer from a file to a socket in non-blocking mode by one native call, as an event loop
 * makes them: most calls fill the socket and are short, or find it full. It takes the guards in the
 * order of {@code HeldPair}, and makes no object. Failures, the end of the file, a close and a turn
 * that is over are left to {@link Transfer}, which goes on from the call's answer and asks nothing
 * twice.
 *
 * <p>The size of the file is not asked for. A socket that is not waited for takes no more than it
 * has room for, so that a file to which others append does not keep the call.
 */
final class EventLoopPath {
  /** What {@link #run} answers if the transfer is to be made by {@link Transfer} from the start. */
  static final long NOT_SERVED = -2;

  private static final int SHAPE =
      TransferShape.of(Endpoint.FILE, Endpoint.SOCKET) | TransferShape.AT_ONCE;

  private EventLoopPath() {}

  /**
   * Whether the target is a socket in non-blocking mode, and the JDK's guards hold both. The call
   * may wait for a disk, which a virtual thread leaves to others.
   */
  static boolean serves(Channel target, long count) {
    return FileGuards.FILES
        && StreamGuards.SOCKETS
        && StreamGuards.isSocket(target)
        && !((SocketChannel) target).isBlocking()
        && (count < ColdSource.LEAST_BYTES || !Threads.isVirtual());
  }

  /**
   * Moves bytes by {@code AUTO}.
   *
   * @param report where to tell what happened, or null; it watches the same call
   * @return the bytes moved, or {@link #NOT_SERVED}
   */
  static long run(
      FileChannel source,
      long position,
      SocketChannel target,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    ReentrantLock turn = StreamGuards.writeLock(target);
    if (!turn.tryLock()) {
      return NOT_SERVED;
    }
    if (report != null) {
      return reported(turn, source, position, target, count, report);
    }
    long answer = Progress.NOTHING;
    ClosedChannelException closed = null;
    try {
      answer = callInTurn(source, position, target, count, 0);
    } catch (ClosedChannelException e) {
      closed = e;
    } finally {
      turn.unlock();
    }
    if (answer == NOT_SERVED) {
      return NOT_SERVED;
    }
    if (closed == null && isCountEnough(answer, source, target, count)) {
      return Progress.bytes(answer);
    }
    return rest(source, position, target, count, answer, closed, null).result();
  }

  private static long reported(
      ReentrantLock turn,
      FileChannel source,
      long position,
      SocketChannel target,
      long count,
      ReportBuilder report)
      throws IOException {
    return Transfer.withLedger(
        report,
        ledger -> {
          long answer = Progress.NOTHING;
          ClosedChannelException closed = null;
          try {
            answer = callInTurn(source, position, target, count, ledger.address);
          } catch (ClosedChannelException e) {
            closed = e;
          } finally {
            turn.unlock();
          }
          long first = answer == NOT_SERVED ? Progress.NOTHING : answer;
          return rest(source, position, target, count, first, closed, ledger);
        });
  }

  /** Goes on where the count alone does not tell the caller what happened. */
  private static Transfer rest(
      FileChannel source,
      long position,
      SocketChannel target,
      long count,
      long answer,
      @Nullable ClosedChannelException closed,
      @Nullable Ledger ledger)
      throws IOException {
    Endpoint from = Endpoints.file(source, position);
    Transfer transfer =
        new Transfer(Mechanisms.AUTO, from, Endpoints.target(target), count, ledger);
    transfer.goOn(answer, closed);
    return transfer;
  }

  /** Makes the call. While the lock is held, the channel stays in non-blocking mode. */
  private static long callInTurn(
      FileChannel source, long position, SocketChannel target, long count, long ledger)
      throws IOException {
    if (target.isBlocking()
        || PendingErrors.areAny()
        || !target.isConnected()
        || !source.isOpen()
        || !GuardedWriter.isWritable(target)) {
      return NOT_SERVED;
    }
    long answer = Progress.NOTHING;
    try {
      FileGuards.begin(source);
      answer = callBegun(source, position, target, count, ledger);
      return answer;
    } finally {
      FileGuards.end(source, Progress.bytes(answer) > 0);
    }
  }

  private static long callBegun(
      FileChannel source, long position, SocketChannel target, long count, long ledger)
      throws IOException {
    long answer = Progress.NOTHING;
    try {
      StreamGuards.beginWrite(target, false);
      answer = callEntered(source, position, target, count, ledger);
      return answer;
    } finally {
      StreamGuards.endWrite(target, false, Progress.bytes(answer) > 0);
    }
  }

  private static long callEntered(
      FileChannel source, long position, SocketChannel target, long count, long ledger) {
    int index = FileGuards.enter(source);
    try {
      if (!source.isOpen() || !target.isOpen()) {
        return Progress.NOTHING;
      }
      return NativeTransfer.transfer(
          Mechanisms.AUTO,
          SHAPE,
          FileGuards.descriptor(source),
          position,
          StreamGuards.descriptor(target),
          NativeTransfer.OWN_OFFSET,
          count,
          ledger);
    } finally {
      FileGuards.leave(source, index);
    }
  }

  /**
   * Whether the caller is told nothing but the count. A call that moved bytes and then met a full
   * socket has nothing else to tell. Neither has a call that moved none, if the socket is full and
   * both channels can still be used.
   */
  private static boolean isCountEnough(
      long answer, FileChannel source, SocketChannel target, long count) {
    long bytes = Progress.bytes(answer);
    if (bytes >= count) {
      return bytes == count;
    }
    return switch (Progress.ending(answer)) {
      case Progress.SHORT -> bytes > 0;
      case Progress.TARGET_WOULD_BLOCK ->
          bytes > 0 || source.isOpen() && GuardedWriter.isWritable(target);
      default -> false;
    };
  }
}

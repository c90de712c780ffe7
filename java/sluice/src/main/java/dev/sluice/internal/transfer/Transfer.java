package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.boundary.UncachedRefusal;
import dev.sluice.internal.channel.Cork;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.HeldPair;
import dev.sluice.internal.channel.LimitMetException;
import dev.sluice.internal.channel.Limits;
import dev.sluice.internal.channel.PendingErrors;
import dev.sluice.internal.channel.ReadAhead;
import dev.sluice.internal.jdk.Threads;
import dev.sluice.internal.transfer.Outcome.Reason;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One transfer between two channels that have descriptors. It calls the native code while both
 * endpoints are held, until the count is reached or something else ends the transfer. Between two
 * calls it waits for a blocking channel that is not ready.
 *
 * <p>The native code gets the whole count. It decides how many bytes one system call is asked for,
 * and what a signal or a short call means.
 */
public final class Transfer extends HeldPair {
  /** Up to this number of bytes, a transfer is one system call where possible. */
  static final long ONE_CALL = 1L << 20;

  /** A longer wait for the target says that its peer is slow. */
  private static final long SLOW_NANOS = 10_000_000;

  private int mechanism;
  private @Nullable Ledger ledger;
  private long wanted;
  private long count;
  private long moved;
  private long answer;
  private int shape;
  private boolean isFirst;

  /** Whether the last native call might wait for a full target for a moment. */
  private boolean hasLingered;

  /** Whether the last wait for the target was so long that its peer is slow. */
  private boolean isTargetSlow;

  /** The most bytes that the next native call is asked for. */
  private long most = Long.MAX_VALUE;

  /** Whether the target is a FIFO that was opened as a file; null before that was asked. */
  private @Nullable Boolean isIntoFifo;

  /** Who is told how far the transfer is, or null. */
  private @Nullable Telling telling;

  /** What corks the target before bytes are moved, or null. */
  private @Nullable Cork cork;

  /** Whether nothing of a file is to stay in the page cache that was not there before. */
  private boolean isUncached;

  /** What a virtual thread knows of a source file that may have to come from a disk, or null. */
  private @Nullable ColdSource cold;

  /** How the transfer ended; null while it runs, and if its count was reached. */
  private @Nullable Outcome outcome;

  Transfer(int mechanism, Endpoint source, Endpoint target, long count, @Nullable Ledger ledger) {
    super(source, target);
    begin(mechanism, count, ledger);
  }

  /** A transfer by {@code AUTO} from a source that can be read twice to a stream. */
  static Transfer of(
      Endpoint source,
      Endpoint target,
      long count,
      @Nullable Ledger ledger,
      @Nullable Terms terms) {
    return new Transfer(Mechanisms.AUTO, source, target, count, ledger).bound(terms);
  }

  /** Has the target keep a last segment that is not full, until the caller takes the cork away. */
  void corkBy(Cork by) {
    cork = by;
  }

  private Transfer bound(@Nullable Terms by) {
    telling = Telling.of(by);
    limits = by == null ? null : by.limits();
    isUncached = by != null && by.isUncached();
    return this;
  }

  /** Begins another transfer between the same two endpoints. */
  final void begin(int withMechanism, long bytes, @Nullable Ledger withLedger) {
    mechanism = withMechanism;
    wanted = bytes;
    count = bytes;
    moved = 0;
    answer = Progress.NOTHING;
    isFirst = true;
    isTargetSlow = false;
    outcome = null;
    ledger = withLedger;
  }

  /**
   * Moves bytes.
   *
   * @param mechanism the mechanism's number
   * @param source the endpoint that gives
   * @param target the endpoint that takes
   * @param count the most bytes to move, above 0
   * @param terms what the caller wants beside the bytes, or null
   * @return the bytes moved, or {@link Outcome#NO_POSITION}
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     non-blocking channel that is not ready; or if bytes were taken that the target refused,
   *     with a {@link StrandedBytesException} suppressed
   */
  public static long run(
      int mechanism, Endpoint source, Endpoint target, long count, @Nullable Terms terms)
      throws IOException {
    ReportBuilder report = Terms.report(terms);
    if (mechanism == Mechanisms.AUTO && report == null && !needsLedger(source, target, count)) {
      Transfer transfer = new Transfer(mechanism, source, target, count, null).bound(terms);
      transfer.run();
      return transfer.result();
    }
    return withLedger(
        report,
        ledger -> {
          Transfer transfer = new Transfer(mechanism, source, target, count, ledger).bound(terms);
          transfer.run();
          return transfer;
        });
  }

  /** Makes a transfer, and answers when it has ended. */
  interface Run {
    Transfer with(Ledger ledger) throws IOException;
  }

  /** Runs a transfer with a ledger, and tells the report what happened. */
  static long withLedger(@Nullable ReportBuilder report, Run run) throws IOException {
    Ledger ledger = Ledger.take();
    try {
      Transfer transfer = run.with(ledger);
      if (report != null) {
        report.ended(transfer.moved, transfer.ending());
      }
      return transfer.result();
    } finally {
      if (report != null) {
        report.add(ledger);
      }
      ledger.release();
    }
  }

  /**
   * Whether the native code has to keep state between two calls. It keeps the bytes of a source
   * that cannot be read twice, and the progress of a long move within one file.
   */
  private static boolean needsLedger(Endpoint source, Endpoint target, long count) {
    return source.kind != Endpoint.FILE || target.kind == Endpoint.FILE && count > ONE_CALL;
  }

  void run() throws IOException {
    cold = count - moved >= ColdSource.LEAST_BYTES ? coldSource() : null;
    try {
      hold();
    } catch (LimitMetException e) {
      endAtLimit();
    } catch (ClosedChannelException e) {
      endClosed(e);
    } catch (Throwable e) {
      long stranded = stranded();
      if (stranded > 0) {
        e.addSuppressed(new StrandedBytesException(moved, stranded));
      }
      throw e;
    }
    if (telling != null) {
      telling.tell(moved);
    }
  }

  /**
   * Goes on after a first call that {@link FastPath} has made.
   *
   * @param closed the exception of a channel that was closed during the call, or null
   */
  void goOn(long firstAnswer, @Nullable ClosedChannelException closed) throws IOException {
    answer = firstAnswer;
    // Before the guards are taken again: a channel that was closed meanwhile refuses them.
    add();
    if (closed != null) {
      endClosed(closed);
    } else if (moved < wanted) {
      run();
    }
  }

  private @Nullable ColdSource coldSource() {
    return source.mayBeCold() && Threads.isVirtual()
        ? new ColdSource(source, isUncached || mechanism == Mechanisms.DIRECT_IO)
        : null;
  }

  private void endClosed(ClosedChannelException e) {
    IOException closed = closeException(e, source.channel, target.channel);
    boolean isInterrupted = closed instanceof ClosedByInterruptException;
    Reason reason = isInterrupted ? Reason.INTERRUPTED : Reason.CLOSED;
    outcome = new Outcome(moved, stranded(), reason, closed);
  }

  private void endAtLimit() {
    answer = Progress.NOTHING;
    outcome =
        new TransferEnd(this, mechanism, ledger, count, moved, answer).outcomeAtLimit(stranded());
  }

  /**
   * Whether the caller is to be told now. No byte is in flight meanwhile: he may use the channels.
   */
  private boolean isTellDue() {
    return telling != null
        && telling.isDue(moved)
        && (source.kind == Endpoint.FILE || ledger == null || !ledger.isNeeded());
  }

  /**
   * No limit ends a move towards the end of one file once it has begun: it goes backwards, and what
   * it has overwritten so far is of no use to anybody. Then no byte counts yet, and the ledger
   * keeps the state of the move.
   */
  @Override
  public Limits.Met limitMet() {
    Limits.Met met = super.limitMet();
    if (met == Limits.Met.NONE || moved > 0) {
      return met;
    }
    boolean isInOneFile =
        source.kind == Endpoint.FILE
            && target.kind == Endpoint.FILE
            && ledger != null
            && ledger.isNeeded();
    return isInOneFile ? Limits.Met.NONE : met;
  }

  @Override
  protected void whileReleased() throws IOException {
    if (isTellDue()) {
      Objects.requireNonNull(telling).tell(moved);
    } else {
      awaitSource();
    }
  }

  long result() throws IOException {
    return outcome == null ? moved : outcome.result();
  }

  /** The bytes that have reached the target so far. */
  long moved() {
    return moved;
  }

  /** Why no more bytes were moved. */
  Outcome.Reason reason() {
    return outcome == null ? Outcome.Reason.COMPLETE : outcome.reason();
  }

  private ReportEnding ending() {
    return outcome == null ? ReportEnding.COMPLETE : outcome.ending();
  }

  /**
   * Gives up the bytes in flight, and answers how many bytes left the source and did not reach the
   * target.
   */
  private long stranded() {
    return ledger == null ? 0 : ledger.strand();
  }

  @Override
  protected boolean hasMoved() {
    return moved > 0;
  }

  @Override
  protected boolean whileHeld() throws IOException {
    if (limitMet() != Limits.Met.NONE) {
      endAtLimit();
      return true;
    }
    // The error of a call that was made already goes first.
    if (moved == 0 && !isAnswered() && PendingErrors.areAny()) {
      PendingErrors.throwPending(source.channel, target.channel);
    }
    if (!move()) {
      return false;
    }
    if (isUncached && moved == 0 && UncachedRefusal.isRefused(answer)) {
      throw UncachedRefusal.exception();
    }
    long stranded = stranded();
    if (moved < wanted) {
      TransferEnd end = new TransferEnd(this, mechanism, ledger, count, moved, answer);
      outcome = end.outcome(stranded);
      end.keepHiddenError(outcome);
    } else if (stranded > 0) {
      outcome = Outcome.of(moved, stranded, Reason.COMPLETE);
    }
    return true;
  }

  /** What the transfer does after a native call. */
  private enum Next {
    CALL,
    AWAIT_SOURCE,
    END
  }

  /**
   * Calls the native code until the transfer is over or has to wait for the source.
   *
   * @return whether the transfer is over; if not, the source is to be waited for, or the caller to
   *     be told
   */
  private boolean move() throws IOException {
    if (source.isInputShutDown()) {
      answer = Progress.END;
      return true;
    }
    shape = shape();
    if (isFirst && source.kind == Endpoint.FILE && isToBeClipped()) {
      clip();
    }
    boolean isAnswered = isAnswered();
    isFirst = false;
    Next next = isAnswered ? next() : Next.CALL;
    while (next == Next.CALL) {
      if (moved == count) {
        // The source was found to be shorter than was asked for.
        answer = Progress.END;
        return true;
      }
      if (isTellDue()) {
        return false;
      }
      if (limits != null && !fit(limits)) {
        return true;
      }
      if (cold != null && cold.isToBeRead(moved) && !awaitFile(cold)) {
        answer = Progress.NOTHING;
        return true;
      }
      answer = call(count - moved);
      if (answer == CLOSED) {
        return true;
      }
      add();
      next = next();
    }
    return next == Next.END;
  }

  /** Whether the first call was made before the guards were taken, and is not yet judged. */
  private boolean isAnswered() {
    return isFirst && answer != Progress.NOTHING;
  }

  @Override
  protected long callNative(int sourceFd, int targetFd) {
    long address = ledger == null ? 0 : ledger.address;
    if (cork != null) {
      cork.hold(targetFd);
    }
    hasLingered = fillsPolledTarget() && !isTargetSlow && mayLinger();
    int pace = hasLingered ? TransferShape.LINGERING : 0;
    long asked = Math.min(most, count - moved);
    if (cold != null) {
      pace |= cold.shape(moved);
      asked = cold.most(moved, asked);
    }
    return source.transfer(mechanism, shape | pace, sourceFd, target, targetFd, asked, address);
  }

  /**
   * Waits before a call, so that the call does not wait after it has moved bytes: it would not tell
   * when the last of them moved, and those that a full target did not take would be lost.
   *
   * @return whether the transfer may go on
   */
  private boolean fit(Limits by) throws IOException {
    if (isIntoFifo()) {
      most = Endpoint.PAGE;
      return awaitFifo();
    }
    Endpoint stream = source.kind == Endpoint.FILE ? target : source;
    Endpoint other = stream == source ? target : source;
    if (!by.areOfIdleness()
        || stream.kind == Endpoint.FILE
        || other.kind != Endpoint.FILE
        || !stream.isBlocking()
        || stream.isPolled()) {
      return true;
    }
    answer = Progress.NOTHING;
    await(stream);
    if (stream == target) {
      target.awaitShutdownOutput();
      most = target.likelyRoom();
    } else {
      most = Math.max(1, source.readableBytes());
    }
    return mayGoOn();
  }

  /** Whether the target was opened as a file and is a stream, as a FIFO. Asked once. */
  private boolean isIntoFifo() {
    Boolean known = isIntoFifo;
    if (known == null) {
      known = target.kind == Endpoint.FILE && target.hasOwnOffset() && !target.hasPosition();
      isIntoFifo = known;
    }
    return known;
  }

  /**
   * Waits until a FIFO has room for a page.
   *
   * @return whether the transfer may go on
   */
  private boolean awaitFifo() {
    answer = Progress.NOTHING;
    while (mayGoOn()) {
      if (target.isWritableSoon()) {
        return true;
      }
    }
    return false;
  }

  /** Adds what a native call has moved. */
  private void add() {
    long bytes = Progress.bytes(answer);
    if (bytes > count - moved) {
      throw new InternalError(
          bytes + " bytes were moved where " + (count - moved) + " were asked for");
    }
    moved += bytes;
    if (bytes > 0 && limits != null) {
      limits.moved();
    }
    source.advance(bytes);
    target.advance(bytes);
  }

  /**
   * Judges the answer of a native call, and waits for the target where that is needed.
   *
   * @return what the transfer does next
   */
  private Next next() throws IOException {
    if (moved == count) {
      return Next.END;
    }
    shape |= moved > 0 ? TransferShape.NEXT | TransferShape.HAS_MOVED : TransferShape.NEXT;
    Endpoint waiting;
    switch (Progress.ending(answer)) {
      // The call was asked for less than is to be moved.
      case Progress.COMPLETE, Progress.PAUSED -> {
        // The call ran out of time, or a signal came. When a channel is closed, the JDK signals the
        // threads that use it. Any other signal means nothing here.
        return pause() ? Next.CALL : Next.END;
      }
      case Progress.SOURCE_WOULD_BLOCK -> {
        if (cold != null && cold.hasLooked()) {
          return awaitFile(cold) ? Next.CALL : Next.END;
        }
        waiting = source;
      }
      case Progress.TARGET_WOULD_BLOCK -> {
        waiting = target;
        if (fillsPolledTarget()) {
          lingered(hasLingered);
          if (Progress.bytes(answer) > 0 && !hasLingered && !isTargetSlow) {
            // While other virtual threads run, a fast peer takes what has just been sent.
            return pause() ? Next.CALL : Next.END;
          }
        }
      }
      default -> {
        return Next.END;
      }
    }
    if (!waiting.isBlocking() || !mayGoOn()) {
      return Next.END;
    }
    if (waiting == source && target.kind != Endpoint.FILE) {
      return Next.AWAIT_SOURCE;
    }
    long begun = System.nanoTime();
    await(waiting);
    if (waiting == target) {
      isTargetSlow = System.nanoTime() - begun > SLOW_NANOS;
      // poll(2) reports a socket whose output is shut down as ready. Bytes that were taken from the
      // source for such a socket would be lost.
      target.awaitShutdownOutput();
    }
    return mayGoOn() ? Next.CALL : Next.END;
  }

  /**
   * Waits for the source file, whose next bytes are not in the page cache.
   *
   * @return whether the transfer may go on
   */
  private boolean awaitFile(ColdSource by) {
    if (target.kind == Endpoint.FILE && isIntoFifo()) {
      // Another thread would wait for the FIFO's reader.
      cold = null;
      return mayGoOn();
    }
    ReadAhead next = target.kind == Endpoint.FILE ? null : by.readAhead(count - moved);
    if (next == null) {
      by.putAside();
      return mayGoOn();
    }
    boolean goesOn = awaitRead(next);
    if (goesOn) {
      by.read(next, moved);
    }
    return goesOn;
  }

  @Override
  protected boolean isAside() {
    return cold != null && cold.isAside();
  }

  private boolean fillsPolledTarget() {
    return source.kind == Endpoint.FILE && (shape & TransferShape.POLLED) != 0;
  }

  private int shape() {
    int pace = 0;
    if (!isToTheEnd()) {
      pace = TransferShape.AT_ONCE;
    } else if (isPolled(source) || isPolled(target)) {
      pace = TransferShape.POLLED;
    }
    int flags = isFirst ? 0 : TransferShape.NEXT;
    if (isUncached) {
      flags |= TransferShape.UNCACHED;
    }
    if (moved > 0) {
      flags |= TransferShape.HAS_MOVED;
    }
    if (source.kind != Endpoint.FILE && source.isSharedWithReaders()) {
      flags |= TransferShape.SHARED_SOURCE;
    }
    return TransferShape.of(source.kind, target.kind) | pace | flags;
  }

  private boolean isToBeClipped() {
    return count > ONE_CALL || source.channel == target.channel;
  }

  /**
   * Lowers the count to the bytes that the source file has now, unless the file does not know its
   * size, as in procfs. Bytes that are appended later, perhaps by this transfer itself, are not
   * moved.
   */
  private void clip() {
    count = moved + Math.max(0, Math.min(count - moved, source.remainingBytes()));
  }

  /**
   * Whether the transfer waits for channels that are not ready, and ends only with the count or the
   * source.
   */
  private boolean isToTheEnd() {
    if (source.kind == Endpoint.FILE) {
      return target.kind == Endpoint.FILE || target.isBlocking();
    }
    return source.isBlocking() && (target.kind == Endpoint.FILE || target.isBlocking());
  }

  private static boolean isPolled(Endpoint end) {
    return end.kind != Endpoint.FILE && end.isPolled();
  }
}

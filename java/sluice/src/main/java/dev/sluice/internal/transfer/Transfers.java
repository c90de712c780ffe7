package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.HeldPair;
import dev.sluice.internal.channel.Snapshot;
import dev.sluice.internal.load.Fallback;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counterparts of {@code FileChannel.transferTo} and {@code transferFrom}, each by a given
 * mechanism or by {@code AUTO}.
 */
public final class Transfers {
  private Transfers() {}

  /**
   * Moves bytes from a file to a channel.
   *
   * @param mechanism the mechanism's number
   * @param source the file
   * @param position the file offset of the first byte
   * @param count the most bytes to move
   * @param target the channel
   * @param terms what the caller wants beside the bytes, or null
   * @return the bytes moved
   * @throws RefusedException if the mechanism cannot serve these channels
   * @throws IOException as {@code FileChannel.transferTo}
   */
  public static long transferTo(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Terms terms)
      throws IOException {
    Terms asked = Explained.terms(terms);
    if (!TransferEvents.areOn()) {
      return fromFile(mechanism, source, position, count, target, asked);
    }
    return runRecorded(
        source,
        target,
        count,
        asked,
        recorded -> fromFile(mechanism, source, position, count, target, recorded));
  }

  private static long fromFile(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Terms terms)
      throws IOException {
    if (Route.isForNio(mechanism, source, target)) {
      if (terms == null) {
        return source.transferTo(position, count, target);
      }
      return byChannels(
          count, true, terms, (moved, most) -> source.transferTo(position + moved, most, target));
    }
    Arguments.transferTo(source, position, count, target);
    try {
      return fromOpenFile(mechanism, source, position, count, target, terms);
    } catch (NotYetConnectedException | AsynchronousCloseException e) {
      // The JDK compares the position with the file's size before it checks the state of an open
      // target, and answers 0 beyond the end.
      boolean isBeyondEnd = source.isOpen() && target.isOpen() && position > source.size();
      if (isBeyondEnd && !(e instanceof ClosedByInterruptException)) {
        return ended(0, ReportEnding.END_OF_FILE, terms);
      }
      throw e;
    }
  }

  private static long fromOpenFile(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Terms terms)
      throws IOException {
    if (count == 0) {
      Endpoint checked = Endpoints.target(target);
      if (checked != null) {
        checked.ensureUsable();
      }
      return nothing(terms);
    }
    if (!Terms.areBinding(terms)) {
      ReportBuilder report = Terms.report(terms);
      if (FastPath.serves(source, target, count)) {
        return FastPath.run(mechanism, source, position, (FileChannel) target, count, report);
      }
      if (mechanism == Mechanisms.AUTO && EventLoopPath.serves(target, count)) {
        long moved = EventLoopPath.run(source, position, (SocketChannel) target, count, report);
        if (moved != EventLoopPath.NOT_SERVED) {
          return moved;
        }
      }
    }
    Endpoint targetEndpoint = Endpoints.target(target);
    if (targetEndpoint != null) {
      return fromFile(mechanism, source, position, targetEndpoint, count, terms);
    }
    Route.ensureServesAnything(mechanism, target);
    Route.ensureNoLimits(terms);
    Route.ensureNoSnapshot(terms);
    Route.ensureMayCache(terms);
    if (isBeyondEnd(source, position)) {
      return told(0, count, true, terms);
    }
    return buffered(
        source,
        target,
        count,
        true,
        terms,
        (moved, most) -> BufferedTransfer.transferTo(source, position + moved, most, target));
  }

  private static long fromFile(
      int mechanism,
      FileChannel source,
      long position,
      Endpoint target,
      long count,
      @Nullable Terms terms)
      throws IOException {
    if (terms != null && terms.isSnapshot()) {
      target.ensureUsable();
      try (Snapshot snapshot = Snapshot.of(source, position)) {
        return Transfer.run(mechanism, snapshot, target, count, terms);
      }
    }
    return Transfer.run(mechanism, Endpoints.file(source, position), target, count, terms);
  }

  /**
   * Whether the position lies beyond the end. A file of size 0 does not count, because files of
   * procfs do not know their size.
   */
  private static boolean isBeyondEnd(FileChannel file, long position) throws IOException {
    long size = file.size();
    return size > 0 && position > size;
  }

  /**
   * Moves bytes from a channel into a file.
   *
   * @param mechanism the mechanism's number
   * @param target the file
   * @param source the channel
   * @param position the file offset of the first byte
   * @param count the most bytes to move
   * @param terms what the caller wants beside the bytes, or null
   * @return the bytes moved
   * @throws RefusedException if the mechanism cannot serve these channels
   * @throws IOException as {@code FileChannel.transferFrom}
   */
  public static long transferFrom(
      int mechanism,
      FileChannel target,
      ReadableByteChannel source,
      long position,
      long count,
      @Nullable Terms terms)
      throws IOException {
    Terms asked = Explained.terms(terms);
    if (!TransferEvents.areOn()) {
      return intoFile(mechanism, target, source, position, count, asked);
    }
    return runRecorded(
        source,
        target,
        count,
        asked,
        recorded -> intoFile(mechanism, target, source, position, count, recorded));
  }

  private static long intoFile(
      int mechanism,
      FileChannel target,
      ReadableByteChannel source,
      long position,
      long count,
      @Nullable Terms terms)
      throws IOException {
    if (Route.isForNio(mechanism, target, source)) {
      if (terms == null) {
        return target.transferFrom(source, position, count);
      }
      return byChannels(
          count,
          false,
          terms,
          (moved, most) -> target.transferFrom(source, position + moved, most));
    }
    Route.ensureNoSnapshot(terms);
    Arguments.transferFrom(target, source, position, count);
    if (count == 0) {
      return nothing(terms);
    }
    Endpoint sourceEndpoint = Endpoints.source(source);
    if (sourceEndpoint == null) {
      Route.ensureServesAnything(mechanism, source);
    } else {
      long moved =
          fromFileOrStream(
              mechanism, source, sourceEndpoint, Endpoints.file(target, position), count, terms);
      if (moved != Outcome.NO_POSITION) {
        return moved;
      }
    }
    return buffered(
        source,
        target,
        count,
        false,
        terms,
        (moved, most) -> BufferedTransfer.transferFrom(target, source, position + moved, most));
  }

  /**
   * Moves bytes from a channel to a channel. Files are read and written at their own positions.
   *
   * @param mechanism the mechanism's number
   * @param source the channel that gives
   * @param target the channel that takes
   * @param count the most bytes to move
   * @param terms what the caller wants beside the bytes, or null
   * @return the bytes moved
   * @throws RefusedException if the mechanism cannot serve these channels
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     channel in non-blocking mode that is not ready; or if bytes were taken that the target
   *     refused
   */
  public static long transfer(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable Terms terms)
      throws IOException {
    Terms asked = Explained.terms(terms);
    if (!TransferEvents.areOn()) {
      return between(mechanism, source, target, count, asked);
    }
    return runRecorded(
        source,
        target,
        count,
        asked,
        recorded -> between(mechanism, source, target, count, recorded));
  }

  private static long between(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable Terms terms)
      throws IOException {
    boolean isNative = NativeLoader.isAvailable();
    if (!isNative) {
      Route.ensureAuto(mechanism, "library", "ENOSYS", Route.NOT_LOADED);
      Fallback.tell();
    }
    Route.ensureNoSnapshot(terms);
    Arguments.transfer(source, target, count);
    boolean isBound = Terms.areBinding(terms);
    if (isNative && count > 0 && !isBound && StreamTransfer.serves(source, target)) {
      return StreamTransfer.run(mechanism, source, target, count, Terms.report(terms));
    }
    Endpoint sourceEndpoint = isNative ? Endpoints.source(source) : null;
    Endpoint targetEndpoint = isNative ? Endpoints.target(target) : null;
    if (count == 0) {
      Endpoint.ensureConnected(source);
      if (targetEndpoint != null) {
        targetEndpoint.ensureUsable();
      }
      return nothing(terms);
    }
    if (sourceEndpoint == null || targetEndpoint == null) {
      Route.ensureServesAnything(mechanism, sourceEndpoint == null ? source : target);
    } else {
      long moved =
          fromFileOrStream(mechanism, source, sourceEndpoint, targetEndpoint, count, terms);
      if (moved != Outcome.NO_POSITION) {
        return moved;
      }
    }
    return buffered(
        source,
        target,
        count,
        source instanceof FileChannel,
        terms,
        (moved, most) -> BufferedTransfer.transfer(source, target, most));
  }

  private static long nothing(@Nullable Terms terms) {
    return ended(0, ReportEnding.COMPLETE, terms);
  }

  private static long ended(long moved, ReportEnding ending, @Nullable Terms terms) {
    ReportBuilder report = Terms.report(terms);
    if (report != null) {
      report.ended(moved, ending);
    }
    return moved;
  }

  /** Moves a part of the bytes by the channels' own methods, after {@code moved} others. */
  private interface ByChannels {
    long run(long moved, long most) throws IOException;
  }

  /**
   * Runs a transfer by the channels' own methods. An interrupt closes both channels, as in every
   * transfer.
   */
  private static long buffered(
      Channel source,
      Channel target,
      long count,
      boolean fromFile,
      @Nullable Terms terms,
      ByChannels transfer)
      throws IOException {
    try {
      return byChannels(count, fromFile, terms, transfer);
    } catch (ClosedByInterruptException e) {
      throw HeldPair.closeException(e, source, target);
    }
  }

  private static long byChannels(
      long count, boolean fromFile, @Nullable Terms terms, ByChannels transfer) throws IOException {
    Route.ensureNoLimits(terms);
    Route.ensureNoSnapshot(terms);
    Route.ensureMayCache(terms);
    return told(inParts(count, terms, transfer), count, fromFile, terms);
  }

  /** Moves bytes in as large parts as the caller is told of, and tells the caller. */
  private static long inParts(long count, @Nullable Terms terms, ByChannels transfer)
      throws IOException {
    if (!Terms.areBinding(terms) || count <= 0) {
      return transfer.run(0, count);
    }
    long moved = 0;
    boolean goesOn = true;
    while (goesOn && moved < count) {
      long most = Math.min(terms.everyBytes(), count - moved);
      long part = part(transfer, moved, most);
      goesOn = part == most;
      moved += part;
      if (part > 0) {
        terms.tell(moved);
      }
    }
    return moved;
  }

  /** As without parts, an exception after the first byte is left to the next call. */
  private static long part(ByChannels transfer, long moved, long most) throws IOException {
    try {
      return transfer.run(moved, most);
    } catch (ForeignAnswer.Contradiction | ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      boolean isStranded =
          Stream.of(e.getSuppressed()).anyMatch(StrandedBytesException.class::isInstance);
      if (moved == 0 || isStranded) {
        throw e;
      }
      return 0;
    }
  }

  private static long told(long moved, long count, boolean fromFile, @Nullable Terms terms) {
    ReportBuilder report = Terms.report(terms);
    if (report != null) {
      report.addChannelTransfer(moved, count, fromFile);
    }
    return moved;
  }

  /**
   * Runs a transfer from a file, and once more as a stream if the first read shows that the file
   * has no position, as a FIFO that was opened by its path.
   *
   * @return the bytes moved, or {@link Outcome#NO_POSITION}
   */
  private static long fromFileOrStream(
      int mechanism,
      ReadableByteChannel source,
      Endpoint sourceEndpoint,
      Endpoint target,
      long count,
      @Nullable Terms terms)
      throws IOException {
    long moved = Transfer.run(mechanism, sourceEndpoint, target, count, terms);
    if (moved != Outcome.NO_POSITION || !(source instanceof FileChannel file)) {
      return moved;
    }
    Endpoint stream = Endpoints.streamOf(file);
    return stream == null ? moved : Transfer.run(mechanism, stream, target, count, terms);
  }

  private interface Recorded {
    long run(Terms terms) throws IOException;
  }

  private static long runRecorded(
      Channel source, Channel target, long count, @Nullable Terms terms, Recorded transfer)
      throws IOException {
    @Nullable Object event = TransferEvents.begin(source, target);
    ReportBuilder report = Terms.report(terms);
    ReportBuilder recorded = report == null ? new ReportBuilder() : report;
    recorded.ended(0, ReportEnding.FAILED);
    try {
      return transfer.run(Terms.withReport(terms, recorded));
    } finally {
      TransferEvents.end(event, count, recorded);
    }
  }
}

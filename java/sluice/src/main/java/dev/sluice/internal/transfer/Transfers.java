package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.HeldPair;
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
   * @param report where to tell what happened, or null
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
      @Nullable ReportBuilder report)
      throws IOException {
    if (!TransferEvents.areOn()) {
      return fromFile(mechanism, source, position, count, target, report);
    }
    return runRecorded(
        source,
        target,
        count,
        report,
        recorded -> fromFile(mechanism, source, position, count, target, recorded));
  }

  private static long fromFile(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable ReportBuilder report)
      throws IOException {
    if (Route.isForNio(mechanism, source, target)) {
      return byChannels(source.transferTo(position, count, target), count, true, report);
    }
    Arguments.transferTo(source, position, count, target);
    try {
      return fromOpenFile(mechanism, source, position, count, target, report);
    } catch (NotYetConnectedException | AsynchronousCloseException e) {
      // The JDK compares the position with the file's size before it checks the state of an open
      // target, and answers 0 beyond the end.
      boolean isBeyondEnd = source.isOpen() && target.isOpen() && position > source.size();
      if (isBeyondEnd && !(e instanceof ClosedByInterruptException)) {
        return ended(0, ReportEnding.END_OF_FILE, report);
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
      @Nullable ReportBuilder report)
      throws IOException {
    if (count == 0) {
      Endpoint checked = Endpoints.target(target);
      if (checked != null) {
        checked.ensureUsable();
      }
      return nothing(report);
    }
    if (FastPath.serves(source, target, count)) {
      return FastPath.run(mechanism, source, position, (FileChannel) target, count, report);
    }
    if (mechanism == Mechanisms.AUTO && report == null && EventLoopPath.serves(target)) {
      long moved = EventLoopPath.run(source, position, (SocketChannel) target, count);
      if (moved != EventLoopPath.NOT_SERVED) {
        return moved;
      }
    }
    Endpoint targetEndpoint = Endpoints.target(target);
    if (targetEndpoint != null) {
      return Transfer.run(
          mechanism, Endpoints.file(source, position), targetEndpoint, count, report);
    }
    Route.ensureServesAnything(mechanism, target);
    if (isBeyondEnd(source, position)) {
      return byChannels(0, count, true, report);
    }
    return buffered(
        source,
        target,
        count,
        true,
        report,
        () -> BufferedTransfer.transferTo(source, position, count, target));
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
   * @param report where to tell what happened, or null
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
      @Nullable ReportBuilder report)
      throws IOException {
    if (!TransferEvents.areOn()) {
      return intoFile(mechanism, target, source, position, count, report);
    }
    return runRecorded(
        source,
        target,
        count,
        report,
        recorded -> intoFile(mechanism, target, source, position, count, recorded));
  }

  private static long intoFile(
      int mechanism,
      FileChannel target,
      ReadableByteChannel source,
      long position,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    if (Route.isForNio(mechanism, target, source)) {
      return byChannels(target.transferFrom(source, position, count), count, false, report);
    }
    Arguments.transferFrom(target, source, position, count);
    if (count == 0) {
      return nothing(report);
    }
    Endpoint sourceEndpoint = Endpoints.source(source);
    if (sourceEndpoint == null) {
      Route.ensureServesAnything(mechanism, source);
    } else {
      long moved =
          fromFileOrStream(
              mechanism, source, sourceEndpoint, Endpoints.file(target, position), count, report);
      if (moved != Outcome.NO_POSITION) {
        return moved;
      }
    }
    return buffered(
        source,
        target,
        count,
        false,
        report,
        () -> BufferedTransfer.transferFrom(target, source, position, count));
  }

  /**
   * Moves bytes from a channel to a channel. Files are read and written at their own positions.
   *
   * @param mechanism the mechanism's number
   * @param source the channel that gives
   * @param target the channel that takes
   * @param count the most bytes to move
   * @return the bytes moved
   * @throws RefusedException if the mechanism cannot serve these channels
   * @throws IOException if nothing was moved for another reason than the end of the source or a
   *     channel in non-blocking mode that is not ready; or if bytes were taken that the target
   *     refused
   */
  public static long transfer(
      int mechanism, ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    if (!TransferEvents.areOn()) {
      return between(mechanism, source, target, count, null);
    }
    return runRecorded(
        source,
        target,
        count,
        null,
        recorded -> between(mechanism, source, target, count, recorded));
  }

  private static long between(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    boolean isNative = NativeLoader.isAvailable();
    if (!isNative) {
      Route.ensureAuto(mechanism, "library", "ENOSYS", Route.NOT_LOADED);
      Fallback.tell();
    }
    Arguments.transfer(source, target, count);
    if (isNative && count > 0 && StreamTransfer.serves(source, target)) {
      return StreamTransfer.run(mechanism, source, target, count, report);
    }
    Endpoint sourceEndpoint = isNative ? Endpoints.source(source) : null;
    Endpoint targetEndpoint = isNative ? Endpoints.target(target) : null;
    if (count == 0) {
      Endpoint.ensureConnected(source);
      if (targetEndpoint != null) {
        targetEndpoint.ensureUsable();
      }
      return nothing(report);
    }
    if (sourceEndpoint == null || targetEndpoint == null) {
      Route.ensureServesAnything(mechanism, sourceEndpoint == null ? source : target);
    } else {
      long moved =
          fromFileOrStream(mechanism, source, sourceEndpoint, targetEndpoint, count, report);
      if (moved != Outcome.NO_POSITION) {
        return moved;
      }
    }
    return buffered(
        source,
        target,
        count,
        source instanceof FileChannel,
        report,
        () -> BufferedTransfer.transfer(source, target, count));
  }

  private static long nothing(@Nullable ReportBuilder report) {
    return ended(0, ReportEnding.COMPLETE, report);
  }

  private static long ended(long moved, ReportEnding ending, @Nullable ReportBuilder report) {
    if (report != null) {
      report.ended(moved, ending);
    }
    return moved;
  }

  private interface ByChannels {
    long run() throws IOException;
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
      @Nullable ReportBuilder report,
      ByChannels transfer)
      throws IOException {
    try {
      return byChannels(transfer.run(), count, fromFile, report);
    } catch (ClosedByInterruptException e) {
      throw HeldPair.closeException(e, source, target);
    }
  }

  private static long byChannels(
      long moved, long count, boolean fromFile, @Nullable ReportBuilder report) {
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
      @Nullable ReportBuilder report)
      throws IOException {
    long moved = Transfer.run(mechanism, sourceEndpoint, target, count, report);
    if (moved != Outcome.NO_POSITION) {
      return moved;
    }
    Endpoint stream = Endpoints.streamOf((FileChannel) source);
    return stream == null ? moved : Transfer.run(mechanism, stream, target, count, report);
  }

  private interface Recorded {
    long run(ReportBuilder report) throws IOException;
  }

  private static long runRecorded(
      Channel source, Channel target, long count, @Nullable ReportBuilder report, Recorded transfer)
      throws IOException {
    @Nullable Object event = TransferEvents.begin();
    ReportBuilder recorded = report == null ? new ReportBuilder() : report;
    recorded.ended(0, ReportEnding.FAILED);
    try {
      return transfer.run(recorded);
    } finally {
      TransferEvents.end(event, source, target, count, recorded);
    }
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.SecondDescriptors;
import dev.sluice.internal.jdk.JdkChannels;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** The counterparts of {@code FileChannel.transferTo} and {@code transferFrom}, by mechanism. */
public final class Transfers {
  /** The number of the ladder, which falls back where an exact mechanism refuses. */
  public static final int AUTO = 0;

  /** The number of the mechanism that serves channels without a descriptor as well. */
  public static final int READ_WRITE = 1;

  private static final String NOT_HELD =
      "the JDK's guards are not used, and there can be no second descriptors";

  private static final String NOT_LOADED = "not loaded: see Sluice.unavailabilityCause()";

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
    return recorded(
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
    if (isForNio(mechanism, source, target)) {
      return byChannels(source.transferTo(position, count, target), count, true, report);
    }
    Arguments.transferTo(source, position, count, target);
    try {
      return fromOpenFile(mechanism, source, position, count, target, report);
    } catch (NotYetConnectedException | AsynchronousCloseException e) {
      // The JDK looks at the position before it looks at the state of an open target.
      boolean isBeyondEnd = source.isOpen() && target.isOpen() && position > source.size();
      if (isBeyondEnd && !(e instanceof ClosedByInterruptException)) {
        return ended(0, ReportBuilder.END_OF_FILE, report);
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
    long answer = Progress.NOTHING;
    boolean isUntold = mechanism == AUTO && report == null;
    if (isUntold && OneCall.serves(source, target, count)) {
      long moved = OneCall.run(source, position, count, target);
      if (moved >= 0) {
        return moved;
      }
      answer = ~moved;
    }
    Endpoint targetEndpoint = Endpoints.target(target);
    if (targetEndpoint != null) {
      return run(
          mechanism, Endpoints.file(source, position), targetEndpoint, count, answer, report);
    }
    ensureServesAnything(mechanism, target);
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

  /** A file of 0 bytes may be one that does not know its size, as in procfs. */
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
    return recorded(
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
    if (isForNio(mechanism, target, source)) {
      return byChannels(target.transferFrom(source, position, count), count, false, report);
    }
    Arguments.transferFrom(target, source, position, count);
    if (count == 0) {
      return nothing(report);
    }
    Endpoint sourceEndpoint = Endpoints.source(source);
    if (sourceEndpoint == null) {
      ensureServesAnything(mechanism, source);
    } else {
      long moved =
          fromFileOrStream(
              mechanism, source, sourceEndpoint, Endpoints.file(target, position), count, report);
      if (moved != Transfer.NO_POSITION) {
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
   * Moves bytes from a channel to a channel; files are read and written at their own positions.
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
    return recorded(
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
      ensureAuto(mechanism, "library", "ENOSYS", NOT_LOADED);
    }
    Arguments.transfer(source, target, count);
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
      ensureServesAnything(mechanism, sourceEndpoint == null ? source : target);
    } else {
      long moved =
          fromFileOrStream(mechanism, source, sourceEndpoint, targetEndpoint, count, report);
      if (moved != Transfer.NO_POSITION) {
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
    return ended(0, ReportBuilder.COMPLETE, report);
  }

  private static long ended(long moved, int ending, @Nullable ReportBuilder report) {
    if (report != null) {
      report.ended(moved, ending);
    }
    return moved;
  }

  private interface ByChannels {
    long run() throws IOException;
  }

  /** By the channels' own methods, where an interrupt closes both channels as everywhere. */
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
      throw Transfer.closed(e, source, target);
    }
  }

  private static long byChannels(
      long moved, long count, boolean fromFile, @Nullable ReportBuilder report) {
    if (report != null) {
      report.byChannels(moved, count, fromFile);
    }
    return moved;
  }

  /** A FIFO that was opened as a file shows when it is read: it has no position. */
  private static long fromFileOrStream(
      int mechanism,
      ReadableByteChannel source,
      Endpoint sourceEndpoint,
      Endpoint target,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    long moved = run(mechanism, sourceEndpoint, target, count, Progress.NOTHING, report);
    if (moved != Transfer.NO_POSITION) {
      return moved;
    }
    Endpoint stream = Endpoints.streamOf((FileChannel) source);
    return stream == null ? moved : run(mechanism, stream, target, count, Progress.NOTHING, report);
  }

  private interface Recorded {
    long run(ReportBuilder report) throws IOException;
  }

  private static long recorded(
      Channel source, Channel target, long count, @Nullable ReportBuilder report, Recorded transfer)
      throws IOException {
    Object event = TransferEvents.begin();
    ReportBuilder recorded = report == null ? new ReportBuilder() : report;
    recorded.ended(0, ReportBuilder.FAILED);
    try {
      return transfer.run(recorded);
    } finally {
      TransferEvents.end(event, source, target, count, recorded);
    }
  }

  private static long run(
      int mechanism,
      Endpoint source,
      Endpoint target,
      long count,
      long answer,
      @Nullable ReportBuilder report)
      throws IOException {
    // Between files a move within one that takes long is kept there between two calls.
    boolean isKept =
        source.kind != Endpoint.FILE || target.kind == Endpoint.FILE && count > Transfer.ONE_CALL;
    if (mechanism == AUTO && !isKept && report == null) {
      return Transfer.run(AUTO, source, target, count, answer, null, null);
    }
    Ledger ledger = Ledger.take();
    try {
      return Transfer.run(mechanism, source, target, count, answer, ledger, report);
    } finally {
      if (report != null) {
        ledger.tell(report);
      }
      ledger.release();
    }
  }

  /**
   * Whether the JDK's own method serves a pair: without the native library, for another provider's
   * files and those that cannot be held, and for datagrams, whose boundaries a transfer would lose.
   */
  private static boolean isForNio(int mechanism, FileChannel file, Channel other)
      throws RefusedException {
    if (!NativeLoader.isAvailable()) {
      ensureAuto(mechanism, "library", "ENOSYS", NOT_LOADED);
      return true;
    }
    if (!JdkChannels.isFile(file)) {
      ensureAuto(mechanism, "descriptor", "EBADF", file.getClass() + " has none");
      return true;
    }
    if (!Endpoints.canHoldFiles()) {
      ensureAuto(mechanism, "unshare", Errno.name(SecondDescriptors.errno()), NOT_HELD);
      return true;
    }
    if (other instanceof DatagramChannel) {
      ensureAuto(mechanism, "datagram", "EOPNOTSUPP", "datagrams are left to NIO");
      return true;
    }
    return false;
  }

  private static void ensureAuto(int mechanism, String step, String errno, String why)
      throws RefusedException {
    if (mechanism != AUTO) {
      throw new RefusedException(step, errno, why);
    }
  }

  private static void ensureServesAnything(int mechanism, Channel other) throws RefusedException {
    if (mechanism != READ_WRITE) {
      ensureAuto(mechanism, "descriptor", "EBADF", other.getClass() + " has none");
    }
  }
}

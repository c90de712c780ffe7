package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** The counterparts of {@code FileChannel.transferTo} and {@code transferFrom}, by mechanism. */
public final class Transfers {
  /** The number of the ladder, which falls back where an exact mechanism refuses. */
  public static final int AUTO = 0;

  /** The number of the mechanism that serves channels without a descriptor as well. */
  public static final int READ_WRITE = 1;

  private Transfers() {}

  /**
   * Moves bytes from a file to a channel.
   *
   * @param mechanism the mechanism's number
   * @param source the file
   * @param position the file offset of the first byte
   * @param count the most bytes to move
   * @param target the channel
   * @return the bytes moved
   * @throws Refusal if the mechanism cannot serve these channels
   * @throws IOException as {@code FileChannel.transferTo}
   */
  public static long transferTo(
      int mechanism, FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    if (isForNio(mechanism, source, target)) {
      return source.transferTo(position, count, target);
    }
    Arguments.transferTo(source, position, count, target);
    if (count == 0) {
      return 0;
    }
    try {
      return transferTo(mechanism, source, position, count, target, Sides.target(target));
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      // The kernel refuses some offsets beyond the end which the JDK never lets it see.
      if (position > source.size()) {
        return 0;
      }
      throw e;
    }
  }

  private static long transferTo(
      int mechanism,
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Side targetSide)
      throws IOException {
    if (targetSide == null) {
      ensureServesAnything(mechanism, target);
      return BufferedTransfer.transferTo(source, position, count, target);
    }
    Side sourceSide = Sides.file(source, position);
    return mechanism == AUTO
        ? Transfer.run(AUTO, sourceSide, targetSide, count, null)
        : tallied(mechanism, sourceSide, targetSide, count);
  }

  /**
   * Moves bytes from a channel into a file.
   *
   * @param mechanism the mechanism's number
   * @param target the file
   * @param source the channel
   * @param position the file offset of the first byte
   * @param count the most bytes to move
   * @return the bytes moved
   * @throws Refusal if the mechanism cannot serve these channels
   * @throws IOException as {@code FileChannel.transferFrom}
   */
  public static long transferFrom(
      int mechanism, FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    if (isForNio(mechanism, target, source)) {
      return target.transferFrom(source, position, count);
    }
    Arguments.transferFrom(target, source, position, count);
    if (count == 0) {
      return 0;
    }
    Side sourceSide = Sides.source(source);
    if (sourceSide == null) {
      ensureServesAnything(mechanism, source);
      return BufferedTransfer.transferFrom(target, source, position, count);
    }
    Side targetSide = Sides.file(target, position);
    if (sourceSide.kind != Side.FILE || !JdkChannels.FILES) {
      return tallied(mechanism, sourceSide, targetSide, count);
    }
    // The source's own position is read and moved: under the lock that the JDK takes for that.
    synchronized (JdkChannels.positionLock((FileChannel) source)) {
      return tallied(mechanism, sourceSide, targetSide, count);
    }
  }

  private static long tallied(int mechanism, Side source, Side target, long count)
      throws IOException {
    Tally tally = Tally.take();
    try {
      return Transfer.run(mechanism, source, target, count, tally);
    } finally {
      tally.release();
    }
  }

  /**
   * Whether the JDK's own method serves a pair: without the native library, for another provider's
   * files, and for datagrams, whose boundaries a transfer would lose.
   */
  private static boolean isForNio(int mechanism, FileChannel file, Channel other) throws Refusal {
    if (!NativeLoader.isAvailable()) {
      ensureAuto(mechanism, "library", "ENOSYS", "not loaded: see Sluice.unavailabilityCause()");
      return true;
    }
    if (!JdkChannels.isFile(file)) {
      ensureAuto(mechanism, "descriptor", "EBADF", file.getClass() + " has none");
      return true;
    }
    if (other instanceof DatagramChannel) {
      ensureAuto(mechanism, "datagram", "EOPNOTSUPP", "datagrams are left to NIO");
      return true;
    }
    return false;
  }

  private static void ensureAuto(int mechanism, String step, String errno, String why)
      throws Refusal {
    if (mechanism != AUTO) {
      throw new Refusal(step, errno, why);
    }
  }

  private static void ensureServesAnything(int mechanism, Channel other) throws Refusal {
    if (mechanism != READ_WRITE) {
      ensureAuto(mechanism, "descriptor", "EBADF", other.getClass() + " has none");
    }
  }
}

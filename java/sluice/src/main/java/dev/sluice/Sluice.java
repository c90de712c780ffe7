package dev.sluice;

import dev.sluice.internal.Diagnostics;
import dev.sluice.internal.NativeLoader;
import dev.sluice.internal.Transfers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * Drop-in counterparts of the JDK's zero-copy methods: the receiver first, then the JDK's own
 * parameters.
 *
 * <p>Checks, exceptions and their order, partial transfers and the effect on the positions of both
 * channels are those of {@link FileChannel}; where the JDK's releases differ among themselves, or
 * lose bytes, the method says what happens here. Without the native library ({@link #isAvailable}
 * is false) the methods call the JDK's own.
 */
public final class Sluice {
  private Sluice() {}

  /**
   * Transfers bytes from a file to a channel, as {@link FileChannel#transferTo
   * source.transferTo(position, count, target)}.
   *
   * <p>A channel in non-blocking mode takes what it can at once, possibly nothing. A channel in
   * blocking mode takes all, unless the file ends before: also on a virtual thread, where the JDK
   * may answer 0, and beyond the 2,147,479,552 bytes at which one call of the JDK ends. The file's
   * own position is neither used nor changed; a target file is written at its position, which
   * advances. A position beyond the end of the file transfers nothing.
   *
   * <p>Source: {@code sendfile(2)}; {@code sun.nio.ch.FileChannelImpl}.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target where the bytes go
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the target is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the target is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel,
   *     or shuts the target down for output, before a byte was transferred
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred; the
   *     message names the errno
   */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return Transfers.transferTo(Transfers.AUTO, source, position, count, target);
  }

  /**
   * Transfers bytes from a channel into a file, as {@link FileChannel#transferFrom
   * target.transferFrom(source, position, count)}.
   *
   * <p>A source in non-blocking mode gives what it has at once, possibly nothing; one in blocking
   * mode gives all, unless it ends before. A source file is read at its position, which advances by
   * what was transferred; the target's own position is neither used nor changed. A position beyond
   * the end of the file extends it, as the JDK does since 21 (JDK-8303260); JDK 17 transfers nothing
   * there.
   *
   * <p>Bytes that were taken from a socket or a pipe are stored before more are taken. Where the
   * file refuses them (a full disk), the exception says how many were stored and how many were taken
   * and not stored; the JDK drops up to 8 KiB without a word.
   *
   * @param target the file, open for writing
   * @param source where the bytes come from
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the source is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the file is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the source is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel
   *     before a byte was transferred
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred, or bytes
   *     were taken that could not be stored; the message names the errno
   */
  public static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return Transfers.transferFrom(Transfers.AUTO, target, source, position, count);
  }

  /**
   * Whether the native library is loaded. Where it is not, the drop-in methods call the JDK's.
   *
   * @return true if transfers go through the native library
   */
  public static boolean isAvailable() {
    return NativeLoader.isAvailable();
  }

  /**
   * Why the native library is not loaded.
   *
   * @return the cause, or empty where {@link #isAvailable} is true
   */
  public static Optional<Throwable> unavailabilityCause() {
    return Optional.ofNullable(NativeLoader.unavailabilityCause());
  }

  /**
   * Throws unless the native library is loaded.
   *
   * @throws UnsatisfiedLinkError if it is not, with the cause
   */
  public static void ensureAvailable() {
    Throwable cause = NativeLoader.unavailabilityCause();
    if (cause != null) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError("Sluice's native library is not loaded: " + cause.getMessage());
      error.initCause(cause);
      throw error;
    }
  }

  /**
   * What a person wants to know when a transfer is not what was expected: version, platform, where
   * the library came from, and which of the JDK's guards were found.
   *
   * @return several lines of {@code name: value}
   */
  public static String diagnostics() {
    return Diagnostics.text();
  }
}

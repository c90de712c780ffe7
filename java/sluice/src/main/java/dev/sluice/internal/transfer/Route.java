package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.SecondDescriptors;
import dev.sluice.internal.load.Fallback;
import dev.sluice.internal.load.NativeLoader;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the code that serves a pair of channels: native code, a buffer, or the JDK's own method.
 * Where native code does not serve the pair, an exact mechanism is refused, with the reason.
 */
final class Route {
  private static final String NOT_HELD =
      "the JDK's guards are not used, and there can be no second descriptors";

  static final String NOT_LOADED = "not loaded: see Sluice.unavailabilityCause()";

  private Route() {}

  /**
   * Whether the JDK's own method serves a pair. It does without the native library, for another
   * provider's files, for files that cannot be held, and for datagrams, whose boundaries a transfer
   * would lose.
   *
   * @throws RefusedException if it does and the mechanism is not {@code AUTO}
   */
  static boolean isForNio(int mechanism, FileChannel file, Channel other) throws RefusedException {
    if (!NativeLoader.isAvailable()) {
      ensureAuto(mechanism, "library", "ENOSYS", NOT_LOADED);
      Fallback.tell();
      return true;
    }
    if (!Endpoints.isFile(file)) {
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

  /**
   * Refuses limits where the channels' own methods do the work, which nothing can end.
   *
   * @throws UnsupportedOperationException if there are limits
   */
  static void ensureNoLimits(@Nullable Terms terms) {
    if (terms != null && terms.limits() != null) {
      throw new UnsupportedOperationException(
          "a limit of time or a cancellation needs channels of the JDK's own that Sluice can hold");
    }
  }

  /**
   * Refuses a snapshot where no file is sent, or by other ways than a transfer.
   *
   * @throws UnsupportedOperationException if there is to be one
   */
  static void ensureNoSnapshot(@Nullable Terms terms) {
    if (terms != null && terms.isSnapshot()) {
      throw new UnsupportedOperationException(
          "a snapshot is made of a file by transferTo and send, to a channel of the JDK's own");
    }
  }

  /**
   * Refuses to leave nothing in the page cache where the channels' own methods do the work, or the
   * bytes of several parts.
   *
   * @throws UnsupportedOperationException if nothing is to be left
   */
  static void ensureMayCache(@Nullable Terms terms) {
    if (terms != null && terms.isUncached()) {
      throw new UnsupportedOperationException(
          "the page cache is passed between two channels of the JDK's own that Sluice can hold,"
              + " and not by a composite");
    }
  }

  /** Refuses every mechanism but {@code AUTO}. */
  static void ensureAuto(int mechanism, String step, String errno, String why)
      throws RefusedException {
    if (mechanism != Mechanisms.AUTO) {
      throw new RefusedException(step, errno, why);
    }
  }

  /**
   * Refuses every mechanism that needs descriptors: all but {@code AUTO} and {@code READ_WRITE}.
   */
  static void ensureServesAnything(int mechanism, Channel other) throws RefusedException {
    if (mechanism != Mechanisms.READ_WRITE) {
      ensureAuto(mechanism, "descriptor", "EBADF", other.getClass() + " has none");
    }
  }
}

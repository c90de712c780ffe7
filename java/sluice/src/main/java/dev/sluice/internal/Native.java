package dev.sluice.internal;

import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Every native method. A native on the hot path takes and gives primitives only and answers {@code
 * -errno}; nothing is thrown from native code there.
 */
final class Native {
  /** The shape of the boundary these classes were compiled against; the library answers its own. */
  static final int ABI = 1;

  /** A position that stands for the descriptor's own offset. */
  static final long OWN_OFFSET = -1;

  /** What {@code transfer0} answers when the native code panicked. */
  static final long PANICKED = Long.MIN_VALUE;

  /** Where the errno begins that may stand above the bytes moved. */
  static final int ERRNO_SHIFT = 48;

  /** The bytes moved. */
  static final long BYTES_MASK = (1L << ERRNO_SHIFT) - 1;

  /** In {@code shape}: return after the first short call. */
  static final int AT_ONCE = 0x100;

  /** {@code POLLIN} of {@code poll(2)}. */
  static final int POLLIN = 1;

  /** {@code POLLOUT} of {@code poll(2)}. */
  static final int POLLOUT = 4;

  private Native() {}

  /**
   * Moves bytes between two descriptors.
   *
   * @param mechanism the mechanism's number
   * @param shape kind of the source, kind of the target shifted left by 4, {@link #AT_ONCE}
   * @param source the source's descriptor
   * @param sourcePosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param target the target's descriptor
   * @param targetPosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param count the bytes to move
   * @param tally the address of a tally to add to, or 0
   * @return the bytes moved, with the errno that ended the transfer after them above {@link
   *     #ERRNO_SHIFT}; or {@code -errno} where nothing moved; never {@link #PANICKED}
   */
  static long transfer(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long tally) {
    return checked(
        transfer0(
            mechanism, shape, source, sourcePosition, target, targetPosition, count, tally));
  }

  /** Duplicates a descriptor with {@code O_CLOEXEC}: its number, or {@code -errno}. */
  static int duplicate(int fd) {
    return (int) checked(duplicate0(fd));
  }

  /** Closes a duplicate. */
  static void close(int fd) {
    checked(close0(fd));
  }

  /** The open flags of a descriptor, or {@code -errno}. */
  static int flags(int fd) {
    return (int) checked(flags0(fd));
  }

  /** Sets or clears {@code O_NONBLOCK}. */
  static void setNonBlocking(int fd, boolean on) {
    checked(setNonBlocking0(fd, on ? 1 : 0));
  }

  /** Waits for {@link #POLLIN} or {@link #POLLOUT} for at most {@code millis} (below 65,536). */
  static void poll(int fd, int events, int millis) {
    checked(poll0(fd, events, millis));
  }

  /** Passes an answer on unless it says that the native code panicked. */
  static long checked(long answer) {
    if (answer == PANICKED) {
      throw new InternalError("Sluice's native code panicked; its message is on standard error");
    }
    return answer;
  }

  /** The shape of the boundary that the loaded library has. */
  static native int abi0();

  /** The JDK's trusted lookup, to the first caller only. */
  static native MethodHandles.@Nullable Lookup trustedLookup0();

  /** The number of a channel's descriptor, or -1. */
  static native int descriptor0(Channel channel);

  /** The address of a direct buffer. */
  static native long address0(ByteBuffer buffer);

  private static native long transfer0(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long tally);

  private static native long duplicate0(int fd);

  private static native long close0(int fd);

  private static native long flags0(int fd);

  private static native long setNonBlocking0(int fd, int on);

  private static native long poll0(int fd, int events, int millis);
}

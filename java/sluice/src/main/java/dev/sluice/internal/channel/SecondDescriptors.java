package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;

/**
 * Second descriptors of what a channel has open, for transfers that cannot hold the channel's own
 * by the JDK's guards.
 *
 * <p>To close any descriptor of a file releases every POSIX lock that the process has on that file
 * ({@code fcntl(2)}): each {@code FileLock}, and the locks of native code in the same process, such
 * as a database's. To ask first whether a lock is held would not do: nobody tells of native code's
 * locks, and one can be taken between the look and the close. But the kernel releases the locks of
 * the descriptor table in which the descriptor is closed. So a second descriptor of a file lies in
 * a table of its own, which a few native threads share and no Java thread does; natives that are
 * given its number run there. The module {@code second} of the Rust crate tells how.
 *
 * <p>Sockets and pipes have no such locks. They are duplicated in the process's own table, where a
 * native call costs less, unless that has no room left ({@code RLIMIT_NOFILE}).
 */
public final class SecondDescriptors {
  /** What the last attempt to have a second table answered; it is not asked again after a 0. */
  private static volatile int answered = -1;

  private SecondDescriptors() {}

  /** Whether a file can have one. */
  static boolean areAvailable() {
    return prepared() == 0;
  }

  /** Whether a socket or a pipe can have one, also when the process's table is full. */
  static boolean areAvailableToStreams() {
    int answer = prepared();
    return answer != -Errno.EMFILE.number && answer != -Errno.ENFILE.number;
  }

  /** Why there are none: the errno. */
  public static int errno() {
    return -prepared();
  }

  private static int prepared() {
    if (answered != 0) {
      answered = NativeDescriptor.prepareSecond();
    }
    return answered;
  }

  /**
   * Makes one.
   *
   * @param number a channel's descriptor, or -1
   * @param kind what it is, as in {@link Endpoint}
   * @return its number, for {@link NativeDescriptor#close}, or {@code -errno}
   */
  static int of(int number, int kind) {
    if (kind == Endpoint.FILE) {
      return NativeDescriptor.second(number);
    }
    int duplicate = NativeDescriptor.duplicate(number);
    return duplicate == -Errno.EMFILE.number ? NativeDescriptor.second(number) : duplicate;
  }
}

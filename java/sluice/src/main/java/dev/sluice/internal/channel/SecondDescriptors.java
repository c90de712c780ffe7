package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;

/**
 * Makes second descriptors of a channel's file, socket or pipe, for transfers that cannot hold the
 * channel's own descriptor by the JDK's guards.
 *
 * <p>If a process closes any descriptor of a file, the kernel releases every POSIX lock that the
 * process has on that file ({@code fcntl(2)}): each {@code FileLock}, and the locks of native code
 * in the same process, such as a database's. To ask before whether a lock is held does not help:
 * nothing tells of the locks of native code, and a lock can be taken between the question and the
 * close.
 *
 * <p>But the kernel releases only the locks of the descriptor table in which the descriptor is
 * closed. A second descriptor of a file therefore lies in the second descriptor table, which a few
 * native threads share and no Java thread does. Natives that are given the number of such a
 * descriptor run in those threads. The module {@code second_descriptor} of the Rust crate describes
 * how.
 *
 * <p>Sockets and pipes have no such locks. They are duplicated in the process's own table, where a
 * native call costs less. If that table has no room left ({@code RLIMIT_NOFILE}), they are
 * duplicated in the second one.
 */
public final class SecondDescriptors {
  /**
   * The answer of the last attempt to make the second descriptor table. After a 0 no further
   * attempt is made.
   */
  private static volatile int lastAnswer = -1;

  private SecondDescriptors() {}

  /** Whether a file can have a second descriptor. */
  static boolean areAvailable() {
    return prepared() == 0;
  }

  /**
   * Whether a socket or a pipe can have a second descriptor, even if the process's table is full.
   */
  static boolean areAvailableToStreams() {
    int answer = prepared();
    return answer != -Errno.EMFILE.number && answer != -Errno.ENFILE.number;
  }

  /** The errno for which there are no second descriptors; 0 if there are. */
  public static int errno() {
    return -prepared();
  }

  /**
   * Makes the second descriptor table unless there is one.
   *
   * @return 0, or {@code -errno}
   */
  private static int prepared() {
    if (lastAnswer != 0) {
      lastAnswer = NativeDescriptor.prepareSecond();
    }
    return lastAnswer;
  }

  /**
   * Makes a second descriptor.
   *
   * @param number the number of the channel's own descriptor, or -1
   * @param kind the kind of the channel, as in {@link Endpoint}
   * @return the second descriptor's number, for {@link NativeDescriptor#close}, or {@code -errno}
   */
  static int of(int number, int kind) {
    if (kind == Endpoint.FILE) {
      return NativeDescriptor.duplicateInSecondTable(number);
    }
    int duplicate = NativeDescriptor.duplicate(number);
    return duplicate == -Errno.EMFILE.number
        ? NativeDescriptor.duplicateInSecondTable(number)
        : duplicate;
  }
}

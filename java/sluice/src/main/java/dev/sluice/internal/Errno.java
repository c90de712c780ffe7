package dev.sluice.internal;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.NotYetConnectedException;

/**
 * The one table that turns an errno into an exception.
 *
 * <p>The texts are those of {@code strerror(3)}, so that code which looks for "Broken pipe" or
 * "Connection reset" in a message finds it as in the JDK's own.
 */
enum Errno {
  EPERM(1, "Operation not permitted"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EFAULT(14, "Bad address"),
  EXDEV(18, "Invalid cross-device link"),
  ENODEV(19, "No such device"),
  EISDIR(21, "Is a directory"),
  EINVAL(22, "Invalid argument"),
  ENFILE(23, "Too many open files in system"),
  EMFILE(24, "Too many open files"),
  ENOTTY(25, "Inappropriate ioctl for device"),
  ETXTBSY(26, "Text file busy"),
  EFBIG(27, "File too large"),
  ENOSPC(28, "No space left on device"),
  ESPIPE(29, "Illegal seek"),
  EROFS(30, "Read-only file system"),
  EPIPE(32, "Broken pipe"),
  ENOSYS(38, "Function not implemented"),
  EOVERFLOW(75, "Value too large for defined data type"),
  EMSGSIZE(90, "Message too long"),
  EOPNOTSUPP(95, "Operation not supported"),
  ENOBUFS(105, "No buffer space available"),
  ECONNABORTED(103, "Software caused connection abort"),
  ECONNRESET(104, "Connection reset by peer", SocketException::new),
  ENOTCONN(107, "Transport endpoint is not connected"),
  ETIMEDOUT(110, "Connection timed out", SocketException::new),
  EHOSTUNREACH(113, "No route to host", SocketException::new),
  ESTALE(116, "Stale file handle"),
  EDQUOT(122, "Disk quota exceeded");

  private static final Errno[] BY_NUMBER = new Errno[134];

  static {
    for (Errno errno : values()) {
      BY_NUMBER[errno.number] = errno;
    }
  }

  /** The kernel's number on Linux x86-64 and aarch64. */
  final int number;

  private final String text;
  private final Maker maker;

  Errno(int number, String text) {
    this(number, text, IOException::new);
  }

  Errno(int number, String text, Maker maker) {
    this.number = number;
    this.text = text;
    this.maker = maker;
  }

  private interface Maker {
    IOException make(String message);
  }

  /** The symbol of an errno, or its number where the table has none. */
  static String name(int number) {
    return known(number) ? BY_NUMBER[number].name() : "errno " + number;
  }

  /**
   * The exception for an errno.
   *
   * @param number the errno
   * @param operation what was being done, for the message
   * @return the exception to throw
   * @throws NotYetConnectedException for {@code ENOTCONN}, as the JDK's channels do
   */
  static IOException exception(int number, String operation) {
    if (number == ENOTCONN.number) {
      throw new NotYetConnectedException();
    }
    if (!known(number)) {
      return new IOException("errno " + number + " in " + operation);
    }
    Errno errno = BY_NUMBER[number];
    return errno.maker.make(errno.text + " (" + errno.name() + " in " + operation + ")");
  }

  private static boolean known(int number) {
    return number > 0 && number < BY_NUMBER.length && BY_NUMBER[number] != null;
  }
}

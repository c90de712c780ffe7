package dev.sluice.internal.boundary;

/** The native that reads a file into the page cache, and waits for the file's device. */
public final class NativeReadAhead {
  private NativeReadAhead() {}

  /**
   * Reads some of the next bytes of a file into the page cache.
   *
   * @param position the file offset in bytes, or {@link NativeTransfer#OWN_OFFSET}
   * @param after how many bytes behind that offset the next bytes begin
   * @param count how many bytes are wanted; this call waits for 256 KiB of them at most
   * @return how many bytes were read, 0 at the end of the file, or {@code -errno}: {@code
   *     EOPNOTSUPP} if the file passes the page cache
   */
  public static long read(int fd, long position, long after, long count) {
    return Answer.checked(read0(fd, position, after, count));
  }

  private static native long read0(int fd, long position, long after, long count);
}

package dev.sluice.internal.boundary;

/** Natives on one descriptor: opening, duplicating, closing, sizes and flags. */
public final class NativeDescriptor {
  /** For {@link #open}: opens an existing file to read. */
  public static final int TO_READ = 0;

  /** For {@link #open}: opens an existing file to read, which must not be a symbolic link. */
  public static final int TO_READ_NO_LINK = 1;

  /** For {@link #open}: creates a file to write, which must not exist. */
  public static final int TO_WRITE_NEW = 2;

  /** For {@link #open}: opens an existing file to read and write. */
  public static final int TO_READ_AND_WRITE = 3;

  /** The bits of {@link #lent} that hold the number of the kind. */
  public static final int KIND = 0x3;

  /** A bit of {@link #lent}: bytes can be read. */
  public static final int READABLE = 0x4;

  /** A bit of {@link #lent}: bytes can be written. */
  public static final int WRITABLE = 0x8;

  /** A bit of {@link #lent}: no system call waits ({@code O_NONBLOCK}). */
  public static final int NON_BLOCKING = 0x10;

  private NativeDescriptor() {}

  /**
   * Duplicates a descriptor with {@code O_CLOEXEC}.
   *
   * @return the duplicate's number, or {@code -errno}
   */
  public static int duplicate(int fd) {
    return (int) Answer.checked(duplicate0(fd));
  }

  /**
   * Makes the second descriptor table, unless there is one.
   *
   * @return 0, or {@code -errno}
   */
  public static int prepareSecond() {
    return (int) Answer.checked(prepareSecond0());
  }

  /**
   * Makes a second descriptor, see {@code SecondDescriptors}.
   *
   * @return the second descriptor's number, or {@code -errno}
   */
  public static int duplicateInSecondTable(int fd) {
    return (int) Answer.checked(duplicateInSecondTable0(fd));
  }

  /**
   * Opens a file with {@code O_CLOEXEC}, as a second descriptor.
   *
   * @param path the file's name, as the kernel takes it
   * @param how {@link #TO_READ}, {@link #TO_READ_NO_LINK}, {@link #TO_WRITE_NEW} or {@link
   *     #TO_READ_AND_WRITE}
   * @param mode the permissions of a new file, from which the kernel takes the bits of the umask
   * @return the descriptor's number, or {@code -errno}
   */
  public static int open(byte[] path, int how, int mode) {
    return (int) Answer.checked(open0(path, how, mode));
  }

  /**
   * Closes a descriptor that Sluice has made.
   *
   * @return 0, or {@code -errno}
   */
  public static int close(int fd) {
    return (int) Answer.checked(close0(fd));
  }

  /**
   * Corks a TCP socket, which then keeps a last segment that is not full.
   *
   * @return a duplicate's number, for {@link #uncork} and {@link #close}, or {@code -errno}
   */
  public static int cork(int socket) {
    return (int) Answer.checked(cork0(socket));
  }

  /**
   * Takes the cork from the socket of a duplicate.
   *
   * @return 0, or {@code -errno}
   */
  public static int uncork(int duplicate) {
    return (int) Answer.checked(uncork0(duplicate));
  }

  /**
   * What a descriptor of another library is: the kind of a file, a stream socket or a pipe, and the
   * bits {@link #READABLE}, {@link #WRITABLE} and {@link #NON_BLOCKING}.
   *
   * @return {@code -EOPNOTSUPP} for any other kind, or the {@code -errno} of {@code fstat(2)}
   */
  public static int lent(int fd) {
    return (int) Answer.checked(lent0(fd));
  }

  /** The open flags of a descriptor, or {@code -errno}. */
  public static int flags(int fd) {
    return (int) Answer.checked(flags0(fd));
  }

  /**
   * The bytes of a file from a position to its end, negative if the file ends before that position.
   *
   * @param position the position in bytes, or {@link NativeTransfer#OWN_OFFSET} for the
   *     descriptor's own offset
   * @return {@link Long#MAX_VALUE} if the file does not know its size, as in procfs, or cannot seek
   */
  public static long remainingBytes(int fd, long position) {
    return Answer.checked(remainingBytes0(fd, position));
  }

  /** How many bytes of a stream can be read at once, or {@code -errno}. */
  public static long readableBytes(int fd) {
    return Answer.checked(readableBytes0(fd));
  }

  /**
   * Reads bytes of a file into Sluice's own memory.
   *
   * @param position the file offset of the first byte
   * @param address the address of the memory
   * @return how many bytes were read, fewer than {@code count} only where the file ends, or {@code
   *     -errno}
   */
  public static long read(int fd, long position, long address, int count) {
    return Answer.checked(read0(fd, position, address, count));
  }

  /** The mode of a file, or an error. */
  public static long mode(int fd) {
    return Answer.checked(mode0(fd));
  }

  /** Sets the mode of a file: 0, or an error. */
  public static long setMode(int fd, int mode) {
    return Answer.checked(setMode0(fd, mode));
  }

  /** The size of a file: bytes, or an error. */
  public static long size(int fd) {
    return Answer.checked(size0(fd));
  }

  /** Sets the size of a file in bytes: 0, or an error. */
  public static long setLength(int fd, long length) {
    return Answer.checked(setLength0(fd, length));
  }

  /** Reserves blocks for a part of a file, in bytes: 0, or an error. */
  public static long allocate(int fd, long offset, long length) {
    return Answer.checked(allocate0(fd, offset, length));
  }

  private static native long duplicate0(int fd);

  private static native long cork0(int socket);

  private static native long uncork0(int duplicate);

  private static native long prepareSecond0();

  private static native long duplicateInSecondTable0(int fd);

  private static native long open0(byte[] path, int how, int mode);

  private static native long close0(int fd);

  private static native long flags0(int fd);

  private static native long lent0(int fd);

  private static native long remainingBytes0(int fd, long position);

  private static native long readableBytes0(int fd);

  private static native long read0(int fd, long position, long address, int count);

  private static native long size0(int fd);

  private static native long setLength0(int fd, long length);

  private static native long allocate0(int fd, long offset, long length);

  private static native long mode0(int fd);

  private static native long setMode0(int fd, int mode);
}

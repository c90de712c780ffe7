package dev.sluice.internal.boundary;

/** Natives on one descriptor: opening, duplicating, closing, sizes and flags. */
public final class NativeDescriptor {
  /** For {@link #open}: a file to read. */
  public static final int TO_READ = 0;

  /** For {@link #open}: a file to read, which must not be a symbolic link. */
  public static final int TO_READ_NO_LINK = 1;

  /** For {@link #open}: a file to write, which must not exist. */
  public static final int TO_WRITE_NEW = 2;

  /** To read and write what exists. */
  public static final int TO_READ_AND_WRITE = 3;

  private NativeDescriptor() {}

  /** Duplicates a descriptor with {@code O_CLOEXEC}: its number, or {@code -errno}. */
  public static int duplicate(int fd) {
    return (int) Answer.checked(duplicate0(fd));
  }

  /** Starts what second descriptors need: 0, or {@code -errno}. */
  public static int prepareSecond() {
    return (int) Answer.checked(prepareSecond0());
  }

  /** Makes a second descriptor, see {@code SecondDescriptors}: its number, or {@code -errno}. */
  public static int second(int fd) {
    return (int) Answer.checked(second0(fd));
  }

  /**
   * Opens a file with {@code O_CLOEXEC}, as a second descriptor: its number, or {@code -errno}.
   *
   * @param path its name, as the kernel takes it
   * @param how {@link #TO_READ}, {@link #TO_READ_NO_LINK} or {@link #TO_WRITE_NEW}
   * @param mode the permissions of a new file, of which the umask takes its part
   */
  public static int open(byte[] path, int how, int mode) {
    return (int) Answer.checked(open0(path, how, mode));
  }

  /** Closes a descriptor of ours: 0, or {@code -errno}. */
  public static int close(int fd) {
    return (int) Answer.checked(close0(fd));
  }

  /** The open flags of a descriptor, or {@code -errno}. */
  public static int flags(int fd) {
    return (int) Answer.checked(flags0(fd));
  }

  /**
   * The bytes of a file from {@code position}, or from {@link #OWN_OFFSET}, to its end: negative
   * where it ends before.
   *
   * @return {@link Long#MAX_VALUE} where the file does not know its size, as in procfs, or cannot
   *     seek
   */
  public static long left(int fd, long position) {
    return Answer.checked(left0(fd, position));
  }

  /** How many bytes of a stream can be read at once, or {@code -errno}. */
  public static long readable(int fd) {
    return Answer.checked(readable0(fd));
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

  /** Sets a file's length: 0, or an error. */
  public static long setLength(int fd, long length) {
    return Answer.checked(setLength0(fd, length));
  }

  /** Sets blocks aside for a part of a file: 0, or an error. */
  public static long allocate(int fd, long offset, long length) {
    return Answer.checked(allocate0(fd, offset, length));
  }

  private static native long duplicate0(int fd);

  private static native long prepareSecond0();

  private static native long second0(int fd);

  private static native long open0(byte[] path, int how, int mode);

  private static native long close0(int fd);

  private static native long flags0(int fd);

  private static native long left0(int fd, long position);

  private static native long readable0(int fd);

  private static native long size0(int fd);

  private static native long setLength0(int fd, long length);

  private static native long allocate0(int fd, long offset, long length);

  private static native long mode0(int fd);

  private static native long setMode0(int fd, int mode);
}

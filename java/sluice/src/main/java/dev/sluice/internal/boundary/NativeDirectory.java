package dev.sluice.internal.boundary;

/** Natives on a directory's descriptor and names of files in that directory. */
public final class NativeDirectory {
  private NativeDirectory() {}

  /**
   * Opens a directory with {@code O_CLOEXEC}, as a second descriptor if second descriptors can be
   * had.
   *
   * @param path the directory's name, as the kernel takes it, of any length
   * @return the descriptor's number, or {@code -errno}
   */
  public static int openDirectory(byte[] path) {
    return (int) Answer.checked(openDirectory0(path));
  }

  /**
   * Creates a temporary file to write in a directory, unless the directory lets nothing be deleted.
   *
   * @param name the file's name in the directory
   * @param mode the file's permissions, from which the kernel takes those that the umask or the
   *     directory's access list forbids
   * @return the descriptor's number, or {@code -errno}
   */
  public static int createIn(int directory, byte[] name, int mode) {
    return (int) Answer.checked(createIn0(directory, name, mode));
  }

  /**
   * The permissions that a file would get if it were created in a directory with a mode.
   *
   * @param path the directory's name, for a directory that may not be read
   * @return the permissions, or {@code -errno}
   */
  public static int permissionsIn(int directory, byte[] path, int mode) {
    return (int) Answer.checked(permissionsIn0(directory, path, mode));
  }

  /** Gives a file the name of another in its directory, which is deleted: 0, or {@code -errno}. */
  public static int replaceIn(int directory, byte[] from, byte[] to) {
    return (int) Answer.checked(replaceIn0(directory, from, to));
  }

  /** Deletes a file in a directory, or an empty directory: 0, or {@code -errno}. */
  public static int deleteIn(int directory, byte[] name, boolean isDirectory) {
    return (int) Answer.checked(deleteIn0(directory, name, isDirectory ? 1 : 0));
  }

  private static native long openDirectory0(byte[] path);

  private static native long createIn0(int directory, byte[] name, int mode);

  private static native long permissionsIn0(int directory, byte[] path, int mode);

  private static native long replaceIn0(int directory, byte[] from, byte[] to);

  private static native long deleteIn0(int directory, byte[] name, int isDirectory);
}

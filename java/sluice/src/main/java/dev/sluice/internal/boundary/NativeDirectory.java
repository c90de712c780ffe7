package dev.sluice.internal.boundary;

/** Natives on a directory's descriptor, for files that are named in it. */
public final class NativeDirectory {
  private NativeDirectory() {}

  /**
   * Opens a directory with {@code O_CLOEXEC}, as a second descriptor where there are any: its
   * number, or {@code -errno}.
   *
   * @param path its name, as the kernel takes it, of any length
   */
  public static int openDirectory(byte[] path) {
    return (int) Answer.checked(openDirectory0(path));
  }

  /**
   * Creates a file to write in a directory: its number, or {@code -errno}.
   *
   * @param mode its permissions, of which the umask or the directory's access list takes its part
   */
  public static int createIn(int directory, byte[] name, int mode) {
    return (int) Answer.checked(createIn0(directory, name, mode));
  }

  /**
   * What a file gets that is created in a directory with this mode, or {@code -errno}.
   *
   * @param path the directory's name, for one that may not be read
   */
  public static int permissionsIn(int directory, byte[] path, int mode) {
    return (int) Answer.checked(permissionsIn0(directory, path, mode));
  }

  /** Renames a file within a directory: 0, or {@code -errno}. */
  public static int renameIn(int directory, byte[] from, byte[] to) {
    return (int) Answer.checked(renameIn0(directory, from, to));
  }

  /** Deletes a file in a directory, or an empty directory: 0, or {@code -errno}. */
  public static int deleteIn(int directory, byte[] name, boolean isDirectory) {
    return (int) Answer.checked(deleteIn0(directory, name, isDirectory ? 1 : 0));
  }

  private static native long openDirectory0(byte[] path);

  private static native long createIn0(int directory, byte[] name, int mode);

  private static native long permissionsIn0(int directory, byte[] path, int mode);

  private static native long renameIn0(int directory, byte[] from, byte[] to);

  private static native long deleteIn0(int directory, byte[] name, int isDirectory);
}

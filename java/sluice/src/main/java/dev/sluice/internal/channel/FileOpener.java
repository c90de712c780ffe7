package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.Privileged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of a copy as {@code FileChannel.open} does, but with {@code O_CLOEXEC}: a program
 * that native code starts meanwhile does not inherit the descriptors. If the native call fails, the
 * JDK opens the file instead, and its exception tells the reason.
 */
public final class FileOpener {
  /** The bits of a mode for set-user-ID, set-group-ID and sticky. */
  private static final int SPECIAL = 07000;

  /**
   * The encoding in which the JDK's own file system writes names; null if there is no such charset.
   */
  private static final @Nullable Charset NAMES = namesOfFiles();

  private FileOpener() {}

  /** Whether a path belongs to the kernel's file system, and not to another provider. */
  public static boolean isOfDefaultFileSystem(Path path) {
    FileSystem kernels = FileSystems.getDefault();
    return path.getFileSystem() == kernels
        // -Djava.nio.file.spi.DefaultFileSystemProvider may name another default provider.
        && isOfJdk(kernels.provider())
        // A path of another class could answer another name at each question.
        && isOfJdk(path);
  }

  private static boolean isOfJdk(Object object) {
    return object.getClass().getModule() == Object.class.getModule();
  }

  /**
   * Opens a file to read.
   *
   * @param path the file
   * @param followLinks whether the file may be a symbolic link
   * @return the file's descriptor, for {@link NativeDescriptor#close}
   * @throws IOException as {@code FileChannel.open}
   * @throws SecurityException as {@code FileChannel.open}
   */
  public static int toRead(Path path, boolean followLinks) throws IOException {
    Privileged.checkRead(path);
    int how = followLinks ? NativeDescriptor.TO_READ : NativeDescriptor.TO_READ_NO_LINK;
    int descriptor = open(path, how, 0);
    if (descriptor >= 0) {
      return descriptor;
    }
    Set<OpenOption> options =
        followLinks
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return byChannel(path, options);
  }

  /**
   * Opens a file to read and write.
   *
   * @param path the file
   * @return the file's descriptor, for {@link NativeDescriptor#close}
   * @throws IOException as {@code FileChannel.open}
   * @throws SecurityException as {@code FileChannel.open}
   */
  public static int toReadAndWrite(Path path) throws IOException {
    Privileged.checkRead(path);
    Privileged.checkWrite(path);
    int descriptor = open(path, NativeDescriptor.TO_READ_AND_WRITE, 0);
    return descriptor >= 0
        ? descriptor
        : byChannel(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * Creates a file to write.
   *
   * @param path the file
   * @param mode the file's mode, from which the kernel takes the bits of the umask
   * @return the file's descriptor, for {@link NativeDescriptor#close}
   * @throws IOException as {@code FileChannel.open}
   * @throws SecurityException as {@code FileChannel.open}
   */
  public static int toWriteNew(Path path, int mode) throws IOException {
    Privileged.checkWrite(path);
    int descriptor = open(path, NativeDescriptor.TO_WRITE_NEW, mode);
    if (descriptor >= 0) {
      return descriptor;
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    int created = byChannel(path, options, PosixFilePermissions.asFileAttribute(permissions(mode)));
    if ((mode & SPECIAL) != 0) {
      // The JDK's attributes have no such bits. A process that may not set them does without them.
      NativeDescriptor.setMode(created, (int) NativeDescriptor.mode(created) | mode & SPECIAL);
    }
    return created;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      // The constants stand in the order of the bits, from 0400 to 0001.
      if ((mode & 0400 >> permission.ordinal()) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  /** Opens a file that the caller may open. An answer below 0 says that the JDK has to open it. */
  private static int open(Path path, int how, int mode) throws IOException {
    try {
      return NativeDescriptor.open(name(path), how, mode);
    } catch (SecurityException e) {
      // Sluice's jar may not know the directory that the path is relative to.
      return -Errno.EACCES.number;
    }
  }

  /** Opens a file by the JDK, and answers a duplicate of the channel's descriptor. */
  private static int byChannel(Path path, Set<OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    try (FileChannel file = FileChannel.open(path, options, attributes)) {
      int descriptor = NativeDescriptor.duplicate(DescriptorNumber.of(file));
      if (descriptor < 0) {
        String reason = Errno.exception(-descriptor, "fcntl(F_DUPFD_CLOEXEC)").getMessage();
        throw new FileSystemException(path.toString(), null, reason);
      }
      return descriptor;
    }
  }

  /**
   * The absolute name of a file as the kernel knows it. Under a security manager the caller of
   * Sluice may not know the directory that the path is relative to.
   */
  public static byte[] name(Path path) throws IOException {
    return Privileged.run(() -> absoluteName(path));
  }

  private static byte[] absoluteName(Path path) {
    Path absolute = path.toAbsolutePath();
    String text = absolute.toString();
    try {
      if (NAMES != null && absolute.getFileSystem().getPath(text).equals(absolute)) {
        return text.getBytes(NAMES);
      }
    } catch (InvalidPathException e) {
      // The path is no text in this encoding either: its URI has the name.
    }
    return nameInUri(absolute);
  }

  /**
   * A name that is no text in the JVM's encoding, taken from a URI, which has each byte of the
   * name.
   */
  private static byte[] nameInUri(Path absolute) {
    String text = absolute.toUri().getRawPath();
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        name.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        name.write(text.charAt(i));
      }
    }
    byte[] bytes = name.toByteArray();
    // The URI of a directory ends with a slash.
    boolean hasSlash = bytes.length > 1 && bytes[bytes.length - 1] == '/';
    return hasSlash ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
  }

  /** The encoding in which the JDK's own file system writes names. */
  private static @Nullable Charset namesOfFiles() {
    try {
      return Charset.forName(Privileged.orElse(() -> System.getProperty("sun.jnu.encoding"), null));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

package dev.sluice.internal.load;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file without a name, which the dynamic linker opens by its descriptor. No other user can put
 * another file in its place, whoever owns the directory: there is no place. The file is created
 * with a name of this process alone and mode 0600, and the JDK removes the name before a byte is
 * written.
 *
 * <p>{@code System.load} resolves symbolic links, and the link {@code /proc/self/fd/N} of such a
 * file reads {@code DIRECTORY/NAME (deleted)}, where somebody could put a file. So NAME is as long
 * as names may be, and with those ten characters more it is too long for any file: resolving the
 * link always fails, and the JDK then passes {@code /proc/PID/fd/N} to the linker. {@link #create}
 * looks whether it does.
 */
final class NamelessFile implements UnpackedLibrary {
  /** Begins the name, which shows in {@code /proc/PID/maps}. */
  private static final String PREFIX = "libsluice.so-";

  /** {@code NAME_MAX}, beyond which {@code lookup} answers {@code ENAMETOOLONG}. */
  private static final int LONGEST_NAME = 255;

  private static final int RANDOM_BYTES = (LONGEST_NAME - PREFIX.length()) / 2;

  /** How many bytes are written at once. */
  private static final int PIECE = 1 << 16;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final FileChannel file;
  private final Path path;

  private NamelessFile(FileChannel file, Path path) {
    this.file = file;
    this.path = path;
  }

  /**
   * Creates a file with a content on the file system of a directory.
   *
   * @throws IOException if it cannot be created, or its descriptor cannot be used
   */
  static NamelessFile create(Path directory, byte[] content) throws IOException {
    String name = PREFIX + Hexadecimal.of(random());
    FileChannel channel =
        FileChannel.open(
            directory.resolve(name),
            Set.of(CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      NamelessFile file = new NamelessFile(channel, descriptorOf(name));
      // The channel itself would be closed where this thread is interrupted.
      write(content, file.path);
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  /** Writes in larger pieces than {@code Files.write}, each of which is interpreted at a start. */
  private static void write(byte[] content, Path path) throws IOException {
    try (OutputStream out = Files.newOutputStream(path, WRITE)) {
      for (int at = 0; at < content.length; at += PIECE) {
        out.write(content, at, Math.min(PIECE, content.length - at));
      }
    }
  }

  /** Bytes that nobody can guess, from the kernel: the JDK's source of them takes long to start. */
  private static byte[] random() {
    byte[] random = new byte[RANDOM_BYTES];
    try (InputStream in = new FileInputStream("/dev/urandom")) {
      if (in.readNBytes(random, 0, RANDOM_BYTES) == RANDOM_BYTES) {
        return random;
      }
    } catch (IOException | SecurityException e) {
      // A container may lack the device, and a policy may forbid it.
    }
    new SecureRandom().nextBytes(random);
    return random;
  }

  private static Path descriptorOf(String name) throws IOException {
    for (String descriptor : descriptors()) {
      Path path = DESCRIPTORS.resolve(descriptor);
      if (leadsTo("/" + name + " (deleted)", path)) {
        ensureNotResolved(path);
        return path;
      }
    }
    throw new IOException("keeps the names of files that were removed");
  }

  private static String[] descriptors() throws IOException {
    @Nullable String[] names = new File(DESCRIPTORS.toString()).list();
    if (names != null) {
      return names;
    }
    // Throws with the reason.
    Files.newDirectoryStream(DESCRIPTORS).close();
    throw new IOException("cannot list " + DESCRIPTORS);
  }

  private static boolean leadsTo(String ending, Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().endsWith(ending);
    } catch (IOException e) {
      // Another thread closed that one.
      return false;
    }
  }

  private static void ensureNotResolved(Path descriptor) throws IOException {
    String path = new File(descriptor.toString()).getCanonicalPath();
    if (!isResolved(path)) {
      throw new IOException("does not serve: the JDK resolves " + descriptor + " to " + path);
    }
  }

  /** Whether a path is {@code /proc/PID/fd/N}. */
  private static boolean isResolved(String path) {
    String[] names = path.split("/", -1);
    return names.length == 5
        && names[0].isEmpty()
        && names[1].equals("proc")
        && isNumber(names[2])
        && names[3].equals("fd")
        && isNumber(names[4]);
  }

  private static boolean isNumber(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) < '0' || text.charAt(at) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

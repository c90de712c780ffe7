package dev.sluice.internal.load;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

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

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Pattern RESOLVED = Pattern.compile("/proc/\\d+/fd/\\d+");

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
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String name = PREFIX + HexFormat.of().formatHex(random);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(name),
            Set.of(CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      NamelessFile file = new NamelessFile(channel, descriptorOf(name));
      // The channel itself would be closed where this thread is interrupted.
      Files.write(file.path, content, WRITE);
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

  private static Path descriptorOf(String name) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path path : all) {
        if (leadsTo("/" + name + " (deleted)", path)) {
          ensureNotResolved(path);
          return path;
        }
      }
    }
    throw new IOException("keeps the names of files that were removed");
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
    if (!RESOLVED.matcher(path).matches()) {
      throw new IOException("does not serve: the JDK resolves " + descriptor + " to " + path);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

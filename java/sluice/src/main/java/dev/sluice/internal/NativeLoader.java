package dev.sluice.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds, verifies and loads the native library, once, when this class is initialised.
 *
 * <p>{@code -Ddev.sluice.library.path=FILE} names the library itself; nothing else is tried then.
 * Otherwise the one in the jar is written to a private temporary directory (below {@code
 * dev.sluice.workdir}, else {@code java.io.tmpdir}), compared with the SHA-256 made at build time,
 * loaded, and deleted at once. What goes wrong is kept as one cause and nothing is thrown.
 */
public final class NativeLoader {
  private static final String PATH_PROPERTY = "dev.sluice.library.path";
  private static final String WORKDIR_PROPERTY = "dev.sluice.workdir";
  private static final String FILE_NAME = "libsluice_jni.so";

  private static final @Nullable Throwable CAUSE;
  private static final boolean AVAILABLE;
  private static String origin = "none";

  static {
    Throwable cause = null;
    try {
      load();
    } catch (IOException | RuntimeException | LinkageError e) {
      cause = e;
    }
    CAUSE = cause;
    AVAILABLE = cause == null;
  }

  private NativeLoader() {}

  /** Whether the library is loaded. */
  public static boolean isAvailable() {
    return AVAILABLE;
  }

  /** Why it is not, or null. */
  public static @Nullable Throwable unavailabilityCause() {
    return CAUSE;
  }

  /** Where the library came from. */
  public static String origin() {
    return origin;
  }

  /** The system and architecture as the folders of the jar name them, such as linux-x86_64. */
  public static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return system.replace(' ', '_')
        + "-"
        + (architecture.equals("amd64") ? "x86_64" : architecture);
  }

  private static void load() throws IOException {
    String path = System.getProperty(PATH_PROPERTY);
    if (path != null) {
      loadFile(path);
    } else {
      loadBundled();
    }
    int abi = Native.abi0();
    if (abi != Native.ABI) {
      throw new UnsatisfiedLinkError(
          "the library from "
              + origin
              + " has ABI "
              + abi
              + ", these classes need "
              + Native.ABI
              + ": use the library of the same version");
    }
  }

  private static void loadFile(String path) throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("-D" + PATH_PROPERTY + "=" + path + " is not a readable file");
    }
    ElfFile.ensureComplete(file);
    origin = file.toString();
    System.load(origin);
  }

  private static void loadBundled() throws IOException {
    String folder = "/META-INF/native/" + platform() + "/";
    URL resource = NativeLoader.class.getResource(folder + FILE_NAME);
    if (resource == null) {
      throw new IOException(
          "no native library for " + platform() + " in the jar; transfers go through NIO");
    }
    byte[] library = read(folder + FILE_NAME);
    String expected =
        new String(read(folder + FILE_NAME + ".sha256"), StandardCharsets.US_ASCII).strip();
    Path parent = workdir();
    Path directory =
        Files.createTempDirectory(
            parent,
            "sluice-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = directory.resolve(FILE_NAME);
    try {
      Files.write(file, library, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // What is loaded is what lies in the directory, so that is what is compared.
      ensureDigest(Files.readAllBytes(file), expected);
      origin = resource.toString();
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw explained(e, parent);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private static Path workdir() throws IOException {
    String workdir = System.getProperty(WORKDIR_PROPERTY);
    Path parent = Path.of(workdir != null ? workdir : System.getProperty("java.io.tmpdir"));
    if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new IOException(
          parent + " is not a directory that can be written; -D" + WORKDIR_PROPERTY + " moves it");
    }
    return parent.toAbsolutePath();
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = NativeLoader.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing in the jar");
      }
      return in.readAllBytes();
    }
  }

  private static void ensureDigest(byte[] library, String expected) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(library);
      String found = HexFormat.of().formatHex(digest);
      if (!found.equals(expected)) {
        throw new IOException(
            "the native library is damaged: its SHA-256 is "
                + found
                + ", the build made "
                + expected);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  /** A noexec mount is the one failure that a user meets with an intact library. */
  private static UnsatisfiedLinkError explained(UnsatisfiedLinkError e, Path parent) {
    String message = String.valueOf(e.getMessage());
    if (!message.contains("failed to map segment")) {
      return e;
    }
    UnsatisfiedLinkError explained =
        new UnsatisfiedLinkError(
            parent
                + " forbids execution (mounted noexec): set -D"
                + WORKDIR_PROPERTY
                + " to a directory that allows it");
    explained.initCause(e);
    return explained;
  }
}

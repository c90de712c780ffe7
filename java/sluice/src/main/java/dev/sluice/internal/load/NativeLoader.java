package dev.sluice.internal.load;

import dev.sluice.internal.boundary.NativeAbi;
import dev.sluice.internal.boundary.SharedTables;
import dev.sluice.internal.jdk.Privileged;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds, verifies and loads the native library once, when this class is initialised. If a limit was
 * met that may be lifted later, this class tries again, at most once a second.
 *
 * <p>{@code -Ddev.sluice.library.path=FILE} names the library; no other library is tried then.
 * Otherwise this class writes the library of the jar to a private directory ({@link Workdir}),
 * compares it with the SHA-256 that the build made, loads it, and deletes it at once. A failure is
 * kept as the cause, and nothing is thrown.
 */
public final class NativeLoader {
  private static final String PATH_PROPERTY = "dev.sluice.library.path";
  private static final String FOLDER = "/META-INF/native/";
  private static final String FILE_NAME = "libsluice.so";
  private static final String DIGESTS = FOLDER + "SHA256SUMS";

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Whether the library is loaded. A thread that sees that it has become true sees all that the
   * loading thread wrote before as well.
   */
  private static volatile boolean isAvailable;

  /** Why the library is not loaded, or null. */
  private static volatile @Nullable Throwable cause;

  /** Whether a later attempt may succeed. */
  private static volatile boolean mayPass;

  /** When the last attempt was made, by {@code System.nanoTime()}. */
  private static long lastAttempt;

  /** Where the library came from: a file or a URL in the jar. */
  private static String origin = "none";

  static {
    tryToLoad();
  }

  private NativeLoader() {}

  /** Whether the library is loaded. Tries to load it again where a limit was met before. */
  public static boolean isAvailable() {
    return isAvailable || mayPass && isAvailableByNow();
  }

  /** Why the library is not loaded, or null if it is loaded. */
  public static @Nullable Throwable unavailabilityCause() {
    return isAvailable() ? null : cause;
  }

  /** Tries again, because a limit that was met before may have been lifted. */
  private static synchronized boolean isAvailableByNow() {
    if (!isAvailable && System.nanoTime() - lastAttempt >= RETRY_NANOS) {
      tryToLoad();
    }
    return isAvailable;
  }

  private static void tryToLoad() {
    try {
      Privileged.run(NativeLoader::load);
      cause = null;
      isAvailable = true;
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      cause = e;
      mayPass = LoadFailure.mayPass(e);
    }
    lastAttempt = System.nanoTime();
  }

  /** Where the library came from: a file, a URL in the jar, or {@code none}. */
  public static String origin() {
    return origin;
  }

  /** Loads the library, and answers its ABI number. */
  private static int load() throws IOException {
    String path = System.getProperty(PATH_PROPERTY);
    if (path != null) {
      loadFile(path);
    } else {
      loadBundled();
    }
    int abi;
    try {
      abi = NativeAbi.abi();
    } catch (UnsatisfiedLinkError e) {
      throw LoadFailure.with(e, origin + " is a library, but not Sluice's");
    }
    if (abi != NativeAbi.ABI) {
      throw new UnsatisfiedLinkError(
          "the library from "
              + origin
              + " has ABI "
              + abi
              + ", these classes need "
              + NativeAbi.ABI
              + ": use the library of the same version");
    }
    // A class whose initialiser fails later, for want of stack or heap, would stay broken.
    SharedTables.load();
    return abi;
  }

  private static void loadFile(String path) throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("-D" + PATH_PROPERTY + "=" + path + " is not a readable file");
    }
    ElfFile.ensureComplete(file);
    origin = file.toString();
    load(file, file);
  }

  private static void loadBundled() throws IOException {
    String platform = Platform.name();
    String name = platform + "/" + FILE_NAME;
    URL resource = NativeLoader.class.getResource(FOLDER + name);
    if (resource == null) {
      throw new IOException(
          "no native library for " + platform + " in the jar; transfers go through NIO");
    }
    byte[] library = read(FOLDER + name);
    String expected = digestOf(name);
    Path directory = Workdir.create();
    Path file = directory.resolve(FILE_NAME);
    try {
      Files.write(file, library, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // The linker loads the file in the directory, so that file is the one to compare.
      ensureDigest(Files.readAllBytes(file), expected);
      origin = resource.toString();
      load(file, file.getParent().getParent());
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private static void load(Path file, Path named) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw LoadFailure.explained(e, named);
    } catch (IllegalCallerException e) {
      throw LoadFailure.denied(e);
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = NativeLoader.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing in the jar");
      }
      return in.readAllBytes();
    }
  }

  /**
   * The digest of a file according to the list of digests, which has the form of {@code
   * sha256sum(1)}.
   */
  private static String digestOf(String name) throws IOException {
    String digests = new String(read(DIGESTS), StandardCharsets.US_ASCII);
    return digests
        .lines()
        .filter(line -> line.endsWith("  " + name))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst()
        .orElseThrow(() -> new IOException(DIGESTS + " does not name " + name));
  }

  private static void ensureDigest(byte[] library, String expected) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(library);
      String found = HexFormat.of().formatHex(digest);
      if (!found.equals(expected)) {
        throw new IOException(
            "the native library in the jar is damaged: its SHA-256 is "
                + found
                + ", the build made "
                + expected
                + "; get the jar anew");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }
}

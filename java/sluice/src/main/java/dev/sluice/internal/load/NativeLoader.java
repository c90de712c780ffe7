package dev.sluice.internal.load;

import dev.sluice.internal.boundary.NativeAbi;
import dev.sluice.internal.boundary.SharedTables;
import dev.sluice.internal.jdk.Privileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds, verifies and loads the native library once, when this class is initialised. If a limit was
 * met that may be lifted later, this class tries again, at most once a second.
 *
 * <p>{@code -Ddev.sluice.library.path=FILE} names the library; no other library is tried then.
 * Otherwise this class takes the library of the jar ({@link BundledLibraries}), and loads it from a
 * file that is gone afterwards and was compared with the SHA-256 that the build made ({@link
 * Unpacking}). A failure is kept as the cause, and nothing is thrown.
 */
public final class NativeLoader {
  private static final String PATH_PROPERTY = "dev.sluice.library.path";
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

  /** How the library of the jar was unpacked, or null. */
  private static @Nullable String unpackedIn;

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
      if (Privileged.isManaged()) {
        Privileged.run(NativeLoader::load);
      } else {
        load();
      }
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

  /** How the library of the jar was unpacked, or null if it was not. */
  public static @Nullable String unpackedIn() {
    return unpackedIn;
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
    load(file);
  }

  private static void loadBundled() throws IOException {
    Platform platform = Platform.current();
    if (platform.gcompat() != null) {
      throw new IOException(
          "this JVM was built for glibc and runs on musl by "
              + platform.gcompat()
              + ", for which the jar has no library: use a JVM that was built for musl");
    }
    BundledLibraries.Library library = BundledLibraries.forPlatform(platform);
    try {
      unpackedIn = new Unpacking(library).load();
    } catch (IllegalCallerException e) {
      throw LoadFailure.denied(e);
    }
    origin = library.origin();
  }

  private static void load(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw LoadFailure.explained(e, file);
    } catch (IllegalCallerException e) {
      throw LoadFailure.denied(e);
    }
  }
}

package dev.sluice.bench.measure;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The library of {@code rust/sluice-bench}: the C baseline, the counters and what the JDK does not
 * tell. Each of its natives stands in the class that needs it, and answers a value or {@code
 * -errno}.
 */
public final class NativeLibrary {
  private static final String PATH_PROPERTY = "dev.sluice.bench.library";

  private NativeLibrary() {}

  /** Loads the library that the build names. */
  public static void load() throws IOException {
    String library = System.getProperty(PATH_PROPERTY);
    if (library == null) {
      throw new IOException(
          "the system property " + PATH_PROPERTY + " is not set: run ./gradlew compare");
    }
    try {
      System.load(Path.of(library).toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("cannot load the C baseline: " + e.getMessage(), e);
    }
  }

  /**
   * The value that a native answered.
   *
   * @throws IOException for {@code -errno}; names the call and the reason
   */
  public static long checked(String call, long answer) throws IOException {
    if (answer < 0) {
      int errno = (int) -answer;
      String message = call + ": " + describeErrno0(errno);
      throw RefusedCallException.isRefusal(errno)
          ? new RefusedCallException(message)
          : new IOException(message);
    }
    return answer;
  }

  private static native String describeErrno0(int errno);
}

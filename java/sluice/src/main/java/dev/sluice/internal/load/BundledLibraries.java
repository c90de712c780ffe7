package dev.sluice.internal.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The native libraries that the jar holds, each with the SHA-256 that the build made. */
final class BundledLibraries {
  /** Follows the platform in the name of each library. */
  private static final String FILE_NAME = "/libsluice.so";

  private static final String FOLDER = "/META-INF/native/";
  private static final String DIGESTS = FOLDER + "SHA256SUMS";

  /** What to do about a jar that was taken apart and put together again. */
  private static final String KEEP_WHOLE = ": build it so that META-INF/native stays whole";

  private BundledLibraries() {}

  /**
   * A library of the jar, with the digest that the build made. Its bytes are not verified yet: what
   * the linker is to open is verified instead, so that a start computes one digest.
   */
  record Library(String origin, byte[] content, String sha256) {
    /** Whether some bytes are those that the build made. */
    boolean isMadeOf(byte[] bytes) {
      return Hexadecimal.of(Sha256.of(bytes)).equals(sha256);
    }

    /**
     * Checks the bytes of the jar.
     *
     * @throws IOException if they are not those that the build made
     */
    void ensureIntact() throws IOException {
      String found = Hexadecimal.of(Sha256.of(content));
      if (!found.equals(sha256)) {
        throw new IOException(
            "the native library in the jar is damaged: its SHA-256 is "
                + found
                + ", the build made "
                + sha256
                + "; get the jar anew");
      }
    }
  }

  /**
   * The library for a platform, as it is in the jar.
   *
   * @throws UnsupportedPlatformException if the build made no library for it
   * @throws IOException if the jar is damaged, or lacks a part
   */
  static Library forPlatform(Platform platform) throws IOException {
    Map<String, String> digests = digests();
    String name = platform.name() + FILE_NAME;
    BundledFile file = BundledFile.find(FOLDER.substring(1) + name);
    String digest = digests.get(name);
    if (digest == null && file != null) {
      throw new IOException(DIGESTS + " does not name " + name + KEEP_WHOLE);
    }
    if (digest == null) {
      throw new UnsupportedPlatformException(
          "no native library for "
              + platform
              + " in the jar, which holds "
              + (digests.isEmpty() ? "none" : String.join(", ", digests.keySet()))
                  .replace(FILE_NAME, "")
              + "; transfers go through NIO");
    }
    if (file == null) {
      throw new IOException(FOLDER + name + " is missing in the jar" + KEEP_WHOLE);
    }
    return new Library(file.origin, file.content, digest);
  }

  /** The digests by name, from the list of the build, which has the form of {@code sha256sum}. */
  private static Map<String, String> digests() throws IOException {
    BundledFile list = BundledFile.find(DIGESTS.substring(1));
    if (list == null) {
      throw new IOException(DIGESTS + " is missing in the jar" + KEEP_WHOLE);
    }
    Map<String, String> digests = new LinkedHashMap<>();
    for (String line : Lines.of(list.content)) {
      int gap = line.indexOf("  ");
      if (gap > 0) {
        digests.put(line.substring(gap + 2), line.substring(0, gap));
      }
    }
    return digests;
  }
}

package dev.sluice.internal.load;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A file of the jar that this class is in. Where the JVM's own loader has loaded the class, it is
 * read from the jar itself, which spares a start the JDK's connection to a jar. Every other loader
 * is asked: an OSGi framework names the place that a bundle came from, and keeps a copy.
 */
final class BundledFile {
  /** The URL of the file. */
  final String origin;

  final byte[] content;

  private BundledFile(String origin, byte[] content) {
    this.origin = origin;
    this.content = content;
  }

  /**
   * Reads a file.
   *
   * @param name its path in the jar
   * @return null if there is none
   */
  static @Nullable BundledFile find(String name) throws IOException {
    BundledFile own = null;
    try {
      if (BundledFile.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
        CodeSource source = BundledFile.class.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        if (place != null && place.getProtocol().equals("file")) {
          own = inJar(place, name);
        }
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      // The place is no jar, or may not be read by its path.
    }
    return own != null ? own : byLoader("/" + name);
  }

  private static @Nullable BundledFile inJar(URL place, String name)
      throws IOException, URISyntaxException {
    File file = new File(place.toURI());
    if (!file.isFile()) {
      return null;
    }
    try (JarFile jar = new JarFile(file)) {
      ZipEntry entry = jar.getEntry(name);
      if (entry == null) {
        return null;
      }
      try (InputStream in = jar.getInputStream(entry)) {
        return new BundledFile("jar:" + place + "!/" + name, all(in));
      }
    }
  }

  private static @Nullable BundledFile byLoader(String name) throws IOException {
    URL url = BundledFile.class.getResource(name);
    if (url == null) {
      return null;
    }
    try (InputStream in = BundledFile.class.getResourceAsStream(name)) {
      return in == null ? null : new BundledFile(url.toString(), in.readAllBytes());
    }
  }

  /** Reads a stream at once where it knows its size, as one of a jar does, and not in pieces. */
  private static byte[] all(InputStream in) throws IOException {
    byte[] known = new byte[in.available()];
    int length = in.readNBytes(known, 0, known.length);
    byte[] rest = in.readAllBytes();
    if (length == known.length && rest.length == 0) {
      return known;
    }
    byte[] all = Arrays.copyOf(known, length + rest.length);
    System.arraycopy(rest, 0, all, length, rest.length);
    return all;
  }
}

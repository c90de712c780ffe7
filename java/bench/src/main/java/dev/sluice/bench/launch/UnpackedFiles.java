package dev.sluice.bench.launch;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the jar in a directory that only this user can enter. Each is read again and
 * compared with the digest that the build wrote, so that nothing runs that came out otherwise.
 */
final class UnpackedFiles implements Closeable {
  private static final String CONTENT = "/content/";

  /** In the form of sha256sum(1). */
  private static final String DIGESTS = "SHA256SUMS";

  private static final String LIBRARIES = "lib";
  private static final String NATIVES = "native";
  private static final String ANOTHER =
      "; java -Djava.io.tmpdir=DIRECTORY -jar sluice-compare.jar takes another directory";

  private final Path directory;

  private UnpackedFiles(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory, which is empty until {@link #unpack}. */
  static UnpackedFiles inPrivateDirectory() throws IOException {
    String parent = System.getProperty("java.io.tmpdir");
    try {
      return new UnpackedFiles(Files.createTempDirectory("sluice-compare-"));
    } catch (IOException e) {
      throw new IOException("cannot make a directory in " + parent + ": " + e + ANOTHER, e);
    }
  }

  /** Unpacks and verifies every file. */
  void unpack() throws IOException {
    for (String line : digests()) {
      String[] words = line.split("  ", 2);
      unpack(words[1], words[0]);
    }
    if (!Files.isExecutable(peer())) {
      throw new IOException(directory + " is mounted noexec" + ANOTHER);
    }
  }

  private static List<String> digests() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(content(DIGESTS), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  private static InputStream content(String name) throws IOException {
    InputStream stream = UnpackedFiles.class.getResourceAsStream(CONTENT + name);
    if (stream == null) {
      throw new NoSuchFileException("the jar has no " + name + ": ./gradlew compareJar makes it");
    }
    return stream;
  }

  private void unpack(String name, String digest) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream content = content(name)) {
      Files.createDirectories(file.getParent());
      Files.copy(content, file);
      if (name.startsWith(NATIVES)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("cannot unpack " + file + ": " + e.getMessage() + ANOTHER, e);
    }
    String unpacked = sha256(file);
    if (!unpacked.equals(digest)) {
      throw new IOException(
          name + " is damaged: its SHA-256 is " + unpacked + " and should be " + digest);
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The class path of every program. */
  String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(directory.resolve(LIBRARIES))) {
      return jars.sorted().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** The library of the comparison. */
  Path library() {
    return directory.resolve(NATIVES).resolve("libsluice_bench.so");
  }

  /** The program at the far end of a connection. */
  Path peer() {
    return directory.resolve(NATIVES).resolve("sluice-peer");
  }

  /** Removes the directory. A second call finds nothing to remove. */
  @Override
  public synchronized void close() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}

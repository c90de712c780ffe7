package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A jar that lacks a part, or that was damaged, is told apart, and the cause says what to do. */
class BadJarTest {
  private static final String DIGESTS = "META-INF/native/SHA256SUMS";
  private static final String KEEP_WHOLE = ": build it so that META-INF/native stays whole";

  @TempDir Path directory;

  /** What becomes of an entry; null removes it. */
  private interface Change extends UnaryOperator<byte @Nullable []> {}

  /** A jar with one or two entries that differ, and the cause that it leads to. */
  private record Case(String name, Change library, Change digests, String cause) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Change KEPT = bytes -> bytes;
  private static final Change REMOVED = bytes -> null;

  private static String platform() {
    return Sluice.diagnostics()
        .lines()
        .filter(line -> line.startsWith("platform: "))
        .findFirst()
        .orElseThrow()
        .substring("platform: ".length());
  }

  private static Change replacing(String from, String to) {
    return bytes ->
        new String(bytes, StandardCharsets.US_ASCII)
            .replace(from, to)
            .getBytes(StandardCharsets.US_ASCII);
  }

  private static Stream<Case> cases(String platform) {
    String damaged = "the native library in the jar is damaged: its SHA-256 is ";
    return Stream.of(
        new Case(
            "the library is removed",
            REMOVED,
            KEPT,
            "/META-INF/native/" + platform + "/libsluice.so is missing in the jar" + KEEP_WHOLE),
        new Case("a bit is turned", BadJarTest::turned, KEPT, damaged),
        new Case("cut short", bytes -> Arrays.copyOf(bytes, bytes.length / 2), KEPT, damaged),
        new Case("empty", bytes -> new byte[0], KEPT, damaged),
        new Case(
            "the list is removed", KEPT, REMOVED, "SHA256SUMS is missing in the jar" + KEEP_WHOLE),
        new Case(
            "the list does not name it",
            KEPT,
            replacing(platform + "/", "linux-riscv64/"),
            "SHA256SUMS does not name " + platform + "/libsluice.so" + KEEP_WHOLE),
        new Case(
            "made for other platforms",
            REMOVED,
            replacing(platform + "/", "linux-riscv64/"),
            "no native library for " + platform + " in the jar, which holds "),
        new Case(
            "made for none",
            REMOVED,
            bytes -> new byte[0],
            platform + " in the jar, which holds none; transfers go through NIO"));
  }

  @TestFactory
  Stream<DynamicTest> aBadJarIsTold() {
    assumeTrue(
        System.getProperty("dev.sluice.library.path") == null, "needs the library of the jar");
    String platform = platform();
    return ConcurrentCases.of(
        cases(platform),
        each -> {
          Path good =
              Path.of(Sluice.class.getProtectionDomain().getCodeSource().getLocation().toURI());
          Path bad = Files.createTempFile(directory, "bad", ".jar");
          copy(good, bad, "META-INF/native/" + platform + "/libsluice.so", each);
          String classPath = System.getProperty("java.class.path");
          ChildJvm child =
              new ChildJvm().withClassPath(classPath.replace(good.toString(), bad.toString()));
          LoaderProbe.assertUnavailable(child, directory, each.cause);
        });
  }

  private static void copy(Path good, Path bad, String library, Case change) throws IOException {
    try (JarFile from = new JarFile(good.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(bad))) {
      to.setLevel(1);
      List<JarEntry> entries = from.stream().toList();
      for (JarEntry entry : entries) {
        byte[] bytes;
        try (InputStream in = from.getInputStream(entry)) {
          bytes = in.readAllBytes();
        }
        if (entry.getName().equals(library)) {
          bytes = change.library.apply(bytes);
        } else if (entry.getName().equals(DIGESTS)) {
          bytes = change.digests.apply(bytes);
        }
        if (bytes != null) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          to.write(bytes);
          to.closeEntry();
        }
      }
    }
  }

  private static byte[] turned(byte[] library) {
    library[library.length / 2] ^= 1;
    return library;
  }
}

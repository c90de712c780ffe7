package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library is found, verified and loaded, or there is one clear cause and NIO goes on. */
class NativeLoaderTest {
  private static final String RESOURCE = "META-INF/native/linux-x86_64/libsluice.so";

  @TempDir Path directory;

  /** Prints whether the library is there and why not, and makes a transfer either way. */
  static final class Probe {
    public static void main(String[] arguments) throws IOException {
      System.out.println("available: " + Sluice.isAvailable());
      System.out.println(
          "cause: " + Sluice.unavailabilityCause().map(Throwable::getMessage).orElse("none"));
      System.out.println(Sluice.diagnostics());
      Path source = Files.writeString(Path.of(arguments[0]), "what is moved");
      Path target = Files.writeString(Path.of(arguments[1]), "");
      try (FileChannel from = FileChannel.open(source);
          FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
        long moved = Sluice.transferTo(from, 0, 100, to);
        System.out.println("moved: " + moved + " " + Files.readString(target));
        try {
          Mechanism.SENDFILE.transferTo(from, 0, 100, to);
        } catch (UnsupportedMechanismException e) {
          System.out.println("exact: " + e.getMessage());
        }
      }
      try {
        Sluice.ensureAvailable();
        System.out.println("ensured");
      } catch (UnsatisfiedLinkError e) {
        System.out.println("not ensured: " + e.getMessage());
      }
    }
  }

  private ChildJvm.Result probe(ChildJvm child) throws Exception {
    ChildJvm.Result result =
        child.run(
            Probe.class,
            directory.resolve("source").toString(),
            directory.resolve("target").toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("moved: 13 what is moved"), result.output());
    return result;
  }

  private void assertUnavailable(ChildJvm child, String... causes) throws Exception {
    String output = probe(child).output();
    assertTrue(output.contains("available: false"), output);
    assertTrue(output.contains("not ensured: "), output);
    assertTrue(output.contains("exact: SENDFILE: library: ENOSYS"), output);
    for (String cause : causes) {
      assertTrue(output.lines().anyMatch(line -> isCause(line, cause)), output);
    }
  }

  private void assertAvailable(ChildJvm child) throws Exception {
    String output = probe(child).output();
    assertTrue(output.contains("available: true"), output);
  }

  private static boolean isCause(String line, String cause) {
    return line.startsWith("cause: ") && line.contains(cause);
  }

  private ChildJvm bundled() {
    assumeTrue(
        System.getProperty("dev.sluice.library.path") == null, "needs the library of the jar");
    return new ChildJvm().with("-Djava.io.tmpdir=" + directory);
  }

  @Test
  void theBundledLibraryIsLoadedAndLeavesNothingBehind() throws Exception {
    String output = probe(bundled()).output();
    assertTrue(output.contains("available: true"), output);
    assertTrue(output.contains("ensured"), output);
    assertTrue(output.contains(RESOURCE), output);
    try (Stream<Path> left = Files.list(directory)) {
      assertFalse(left.anyMatch(path -> path.toString().contains("sluice-")));
    }
  }

  @Test
  void anExplicitPathHasNoFallback() throws Exception {
    assertUnavailable(
        new ChildJvm().with("-Ddev.sluice.library.path=/nowhere/libsluice.so"),
        "-Ddev.sluice.library.path=/nowhere/libsluice.so is not a readable file");
  }

  @Test
  void aFileThatIsNoLibraryIsTold() throws Exception {
    Path file = Files.writeString(directory.resolve("text.so"), "no library ".repeat(50));
    assertUnavailable(
        new ChildJvm().with("-Ddev.sluice.library.path=" + file),
        "is not a 64-bit ELF shared library");
  }

  @Test
  void aTruncatedLibraryIsToldInsteadOfCrashing() throws Exception {
    byte[] library = library();
    for (int length : List.of(0, 40, 100, 5000, library.length / 2, library.length - 1)) {
      Path file = directory.resolve("cut" + length + ".so");
      Files.write(file, java.util.Arrays.copyOf(library, length));
      assertUnavailable(
          new ChildJvm().with("-Ddev.sluice.library.path=" + file), "is damaged: it ends");
    }
  }

  @Test
  void aLibraryOfAnotherAbiIsTold() throws Exception {
    Tools.assumeTool("cc");
    Path c = directory.resolve("other.c");
    Files.writeString(
        c,
        "int Java_dev_sluice_internal_boundary_NativeAbi_abi0(void *e, void *c) { return 999; }\n");
    Path other = directory.resolve("libother.so");
    Tools.run("cc", "-shared", "-fPIC", "-o", other.toString(), c.toString());
    assertUnavailable(
        new ChildJvm().with("-Ddev.sluice.library.path=" + other), "has ABI 999, these classes");
  }

  @Test
  void aDamagedBundledLibraryIsNotLoaded() throws Exception {
    ChildJvm child = bundled();
    byte[] library = library();
    library[library.length / 2] ^= 1;
    Path jar = directory.resolve("damaged.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry(RESOURCE));
      zip.write(library);
      zip.closeEntry();
    }
    assertUnavailable(child.withFirstOnClassPath(jar), "the native library in the jar is damaged");
  }

  @Test
  void aNoexecDirectoryIsRecognisedAndThePropertyNamed() throws Exception {
    ChildJvm child = bundled();
    Path folder = Files.createDirectory(directory.resolve("noexec"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "noexec,size=16m")) {
      assertUnavailable(
          child.with("-Ddev.sluice.workdir=" + mount.folder()),
          "noexec forbids execution (mounted noexec, or by a security policy);"
              + " -Ddev.sluice.workdir");
    }
  }

  @Test
  void aWorkdirThatIsNotThereIsTold() throws Exception {
    assertUnavailable(
        bundled().with("-Ddev.sluice.workdir=/nowhere"),
        "/nowhere is not a directory that can be written; -Ddev.sluice.workdir");
  }

  @Test
  void aDirectoryOfAnotherUserIsNotTrusted() throws Exception {
    ChildJvm child = bundled();
    Tools.assumeRoot();
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.setAttribute(foreign, "unix:uid", 12345);
    assertUnavailable(
        child.with("-Ddev.sluice.workdir=" + foreign),
        "foreign belongs to another user (uid 12345), who could swap the library in it;"
            + " -Ddev.sluice.workdir");
    assertEmpty(foreign);
    Path link = Files.createSymbolicLink(directory.resolve("link"), foreign);
    assertUnavailable(
        bundled().with("-Djava.io.tmpdir=" + link), "foreign belongs to another user (uid 12345)");
  }

  @Test
  void aSymbolicLinkCountsAsWhatItLeadsTo() throws Exception {
    Path own = Files.createDirectory(directory.resolve("own"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), own);
    assertAvailable(bundled().with("-Ddev.sluice.workdir=" + link));
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    assertUnavailable(
        bundled().with("-Djava.io.tmpdir=" + dangling),
        "dangling is not a directory that can be written; -Ddev.sluice.workdir");
  }

  @Test
  void aLibraryForAnotherProcessorIsTold() throws Exception {
    byte[] library = library();
    // e_machine of elf(5): EM_S390.
    int own = library[18] & 0xff;
    library[18] = 22;
    Path file = Files.write(directory.resolve("s390.so"), library);
    assertUnavailable(
        new ChildJvm().with("-Ddev.sluice.library.path=" + file),
        "is for another processor (e_machine 22): this JVM runs on "
            + System.getProperty("os.arch")
            + ", e_machine "
            + own);
  }

  @Test
  void anotherLibraryIsTold() throws Exception {
    Tools.assumeTool("cc");
    Path c = Files.writeString(directory.resolve("foreign.c"), "int nothing;\n");
    Path other = directory.resolve("libforeign.so");
    Tools.run("cc", "-shared", "-fPIC", "-o", other.toString(), c.toString());
    assertUnavailable(
        new ChildJvm().with("-Ddev.sluice.library.path=" + other),
        "libforeign.so is a library, but not Sluice's");
  }

  @Test
  void anotherPlatformGoesOnThroughNio() throws Exception {
    assertUnavailable(bundled().with("-Dos.arch=s390x"), "no native library for linux-s390x");
  }

  private static void assertEmpty(Path folder) throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static byte[] library() throws IOException {
    String path = System.getProperty("dev.sluice.library.path");
    if (path != null) {
      return Files.readAllBytes(Path.of(path));
    }
    try (InputStream in = NativeLoaderTest.class.getResourceAsStream("/" + RESOURCE)) {
      return in.readAllBytes();
    }
  }
}

package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library is found, verified and loaded, or there is one clear cause and NIO goes on. */
class NativeLoaderTest {
  private static final String RESOURCE = "META-INF/native/linux-x86_64/libsluice.so";

  @TempDir Path directory;

  private void assertUnavailable(ChildJvm child, String... causes) throws Exception {
    LoaderProbe.assertUnavailable(child, directory, causes);
  }

  private void assertAvailable(ChildJvm child) throws Exception {
    LoaderProbe.assertAvailable(child, directory);
  }

  private ChildJvm bundled() {
    assumeTrue(
        System.getProperty("dev.sluice.library.path") == null, "needs the library of the jar");
    return new ChildJvm().with("-Djava.io.tmpdir=" + directory);
  }

  @Test
  void theBundledLibraryIsLoadedAndLeavesNothingBehind() throws Exception {
    String output = LoaderProbe.run(bundled(), directory);
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
  void aDirectoryOfAnotherUserIsSafeBecauseTheFileHasNoName() throws Exception {
    ChildJvm child = bundled();
    Tools.assumeRoot();
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.setAttribute(foreign, "unix:uid", 12345);
    String output =
        LoaderProbe.assertAvailable(child.with("-Ddev.sluice.workdir=" + foreign), directory);
    assertTrue(output.contains("unpacked as: a file without a name in " + foreign), output);
    assertEmpty(foreign);
  }

  @Test
  void aSymbolicLinkCountsAsWhatItLeadsTo() throws Exception {
    Path own = Files.createDirectory(directory.resolve("own"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), own);
    assertAvailable(bundled().with("-Ddev.sluice.workdir=" + link));
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    assertUnavailable(
        bundled().with("-Ddev.sluice.workdir=" + dangling),
        "dangling is not a directory that can be written; -Ddev.sluice.workdir");
  }

  @Test
  void aTemporaryDirectoryThatIsNotThereIsPassedOver() throws Exception {
    assertAvailable(bundled().with("-Djava.io.tmpdir=/nowhere"));
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
            + (isX86() ? "x86_64" : "aarch_64")
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
  void propertiesOfTheSystemDoNotCount() throws Exception {
    String output =
        LoaderProbe.assertAvailable(
            bundled().with("-Dos.arch=s390x").with("-Dos.name=Plan 9"), directory);
    assertTrue(output.contains("processor: " + (isX86() ? "x86_64" : "aarch_64")), output);
  }

  private static boolean isX86() {
    return System.getProperty("os.arch").equals("amd64");
  }

  @Test
  void anInterruptedThreadLoadsTheLibrary() throws Exception {
    ChildJvm.Result result = new ChildJvm().run(Interrupted.class);
    assertEquals(0, result.exit(), result.output());
  }

  static final class Interrupted {
    public static void main(String[] arguments) {
      Thread.currentThread().interrupt();
      Sluice.ensureAvailable();
      if (!Thread.currentThread().isInterrupted()) {
        throw new AssertionError("the interrupt is lost");
      }
    }
  }

  @Test
  void eachClassLoaderHasALibraryOfItsOwn() throws Exception {
    bundled();
    ChildJvm.Result result = new ChildJvm().run(ManyLoaders.class);
    assertEquals(0, result.exit(), result.output());
  }

  /** Each load is by a descriptor that the one before has closed. */
  static final class ManyLoaders {
    public static void main(String[] arguments) throws Exception {
      URL jar = Sluice.class.getProtectionDomain().getCodeSource().getLocation();
      List<ClassLoader> kept = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        kept.add(new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader()));
        Class<?> sluice = kept.get(i).loadClass("dev.sluice.Sluice");
        sluice.getMethod("ensureAvailable").invoke(null);
        String facts = sluice.getMethod("diagnostics").invoke(null).toString();
        if (!facts.contains("unpacked as: a file without a name in ")) {
          throw new AssertionError(facts);
        }
      }
    }
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

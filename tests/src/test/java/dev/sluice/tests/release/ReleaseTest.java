package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.ReleasedLibraries;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the release. */
class ReleaseTest {
  private static final String DIGESTS = "META-INF/native/SHA256SUMS";

  @TempDir Path directory;

  @Test
  void twoCleanBuildsGiveTheSameBytes() throws IOException {
    Path first = ReleasedFiles.repository();
    Path second = ReleasedFiles.folder("dev.sluice.tests.second");
    List<Path> files = files(first);
    assertEquals(files, files(second));
    assertTrue(files.size() >= 4, files.toString());
    for (Path file : files) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve(file)),
          Files.readAllBytes(second.resolve(file)),
          file.toString());
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
    }
  }

  @Test
  void theManifestHasTheDigestOfEveryLibrary() throws Exception {
    Tools.assumeTool("sha256sum");
    for (String platform : ReleasedLibraries.platforms()) {
      extracted("META-INF/native/" + platform + "/libsluice.so");
    }
    Path digests = extracted(DIGESTS);
    Process check =
        new ProcessBuilder("sha256sum", "--check", "--strict", digests.getFileName().toString())
            .directory(digests.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(check.getInputStream().readAllBytes());
    assertEquals(0, check.waitFor(), output);
    try (JarFile jar = new JarFile(ReleasedFiles.file(".jar").toFile())) {
      assertEquals(
          Files.readAllLines(digests).size(),
          jar.stream().filter(entry -> entry.getName().endsWith(".so")).count());
    }
  }

  @Test
  void theModuleExportsTheApiAlone() {
    ModuleDescriptor module =
        ModuleFinder.of(ReleasedFiles.file(".jar")).find("dev.sluice").orElseThrow().descriptor();
    assertEquals(
        List.of("dev.sluice"),
        module.exports().stream().map(ModuleDescriptor.Exports::source).toList());
    assertEquals(Set.of(), module.opens());
    Set<String> needed =
        module.requires().stream()
            .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name)
            .collect(Collectors.toSet());
    assertEquals(Set.of("java.base"), needed);
  }

  @Test
  void theMetadataForNativeImagesListsEveryNative() throws Exception {
    Path file = extracted("META-INF/native-image/dev.sluice/sluice/reachability-metadata.json");
    JsonObject metadata = new Gson().fromJson(Files.readString(file), JsonObject.class);
    Set<String> listed = new TreeSet<>();
    Set<String> inner = new TreeSet<>();
    for (JsonElement type : metadata.getAsJsonArray("reflection")) {
      JsonObject row = type.getAsJsonObject();
      assertTrue(row.get("jniAccessible").getAsBoolean(), row.toString());
      String name = row.get("type").getAsString();
      if (row.has("methods")) {
        for (JsonElement method : row.getAsJsonArray("methods")) {
          JsonObject signature = method.getAsJsonObject();
          listed.add(
              name
                  + "."
                  + signature.get("name").getAsString()
                  + signature.getAsJsonArray("parameterTypes"));
        }
      } else {
        inner.add(name);
      }
    }
    assertTrue(inner.contains("sun.nio.ch.FileChannelImpl"), inner.toString());
    assertEquals(natives(), listed);
    assertTrue(listed.size() > 10, listed.toString());
  }

  private static Set<String> natives() throws Exception {
    Set<String> natives = new TreeSet<>();
    for (Method method : ReleasedLibraries.natives()) {
      JsonArray parameters = new JsonArray();
      for (Class<?> parameter : method.getParameterTypes()) {
        parameters.add(parameter.getName());
      }
      natives.add(method.getDeclaringClass().getName() + "." + method.getName() + parameters);
    }
    return natives;
  }

  @Test
  void thePomNamesNoDependency() throws IOException {
    String pom = Files.readString(ReleasedFiles.file(".pom"));
    assertTrue(pom.contains("<artifactId>sluice</artifactId>"), pom);
    assertTrue(pom.contains("<name>Apache-2.0</name>"), pom);
    assertFalse(pom.contains("<dependenc"), pom);
  }

  @Test
  void sourcesAndDocumentationAreThere() throws IOException {
    Path sources = ReleasedFiles.file("-sources.jar");
    assertEquals(List.of(), missing(sources, "dev/sluice/Sluice.java", "module-info.java"));
    Path documentation = ReleasedFiles.file("-javadoc.jar");
    assertEquals(List.of(), missing(documentation, "dev/sluice/Sluice.html", "index.html"));
  }

  @Test
  void theArtifactForNettyBringsSluiceAndTakesNettyAsItIs() throws IOException {
    String pom = Files.readString(ReleasedFiles.file("sluice-netty", ".pom"));
    String flat = pom.replaceAll("\\s+", "");
    assertTrue(flat.contains("<artifactId>sluice</artifactId>"), pom);
    assertTrue(flat.contains("<scope>compile</scope>"), pom);
    assertTrue(flat.contains("<artifactId>netty-transport</artifactId>"), pom);
    assertTrue(flat.contains("<scope>provided</scope>"), pom);
    String type = "dev/sluice/netty/SluiceFileRegion";
    Map<String, String> files =
        Map.of(".jar", ".class", "-sources.jar", ".java", "-javadoc.jar", ".html");
    files.forEach(
        (ending, of) ->
            assertEquals(
                List.of(), missing(ReleasedFiles.file("sluice-netty", ending), type + of)));
  }

  private static List<String> missing(Path file, String... names) {
    List<String> missing = new ArrayList<>(List.of(names));
    try (JarFile jar = new JarFile(file.toFile())) {
      missing.removeIf(name -> jar.getEntry(name) != null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return missing;
  }

  @Test
  void runAsAProgramItTellsTheFacts() throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(
            List.of(
                ChildJvm.java(),
                "-jar",
                ReleasedFiles.file(".jar").toString(),
                directory.toString()));
    assertEquals(0, result.exit(), result.output());
    // The jar's own manifest grants native access to this program.
    assertFalse(result.output().contains("WARNING"), result.output());
    for (String line :
        List.of(
            "sluice: " + System.getProperty("dev.sluice.tests.version"),
            "platform: linux-x86_64",
            "kernel: ",
            "library: jar:file:",
            "files: the JDK's own guards",
            "path: " + directory,
            "READ_WRITE: file to file yes, file to pipe yes, pipe to file yes",
            "SPLICE: file to file no (EINVAL), file to pipe yes, pipe to file yes")) {
      assertTrue(result.output().lines().anyMatch(l -> l.startsWith(line)), result.output());
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void runWithWrongArgumentsItTellsTheUsage() throws Exception {
    String jar = ReleasedFiles.file(".jar").toString();
    ChildJvm.Result two = ChildJvm.run(List.of(ChildJvm.java(), "-jar", jar, "a", "b"));
    assertEquals(2, two.exit());
    assertTrue(two.output().startsWith("usage: java -jar"), two.output());
    ChildJvm.Result nowhere =
        ChildJvm.run(List.of(ChildJvm.java(), "-jar", jar, "/nowhere/at/all"));
    assertEquals(1, nowhere.exit());
    assertTrue(nowhere.output().contains("/nowhere/at is not a directory"), nowhere.output());
  }

  /** Writes an entry of the jar to a file, with the name and folder it has below its parent's. */
  private Path extracted(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    try (JarFile jar = new JarFile(ReleasedFiles.file(".jar").toFile())) {
      JarEntry entry = jar.getJarEntry(name);
      assertTrue(entry != null, name);
      try (InputStream in = jar.getInputStream(entry)) {
        Files.write(file, in.readAllBytes());
      }
    }
    return file;
  }
}

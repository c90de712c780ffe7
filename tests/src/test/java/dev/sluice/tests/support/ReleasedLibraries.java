package dev.sluice.tests.support;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The native libraries in the released jar, one for each platform. */
public final class ReleasedLibraries {
  private static final String FOLDER = "META-INF/native/";

  private ReleasedLibraries() {}

  /** The platforms that the jar names, such as {@code linux-x86_64-musl}. */
  public static List<String> platforms() throws IOException {
    try (JarFile jar = new JarFile(ReleasedFiles.file(".jar").toFile());
        InputStream in = jar.getInputStream(jar.getJarEntry(FOLDER + "SHA256SUMS"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.substring(line.indexOf("  ") + 2, line.indexOf('/')))
          .toList();
    }
  }

  /** Writes the library of a platform to a file below {@code directory}. */
  public static Path extracted(String platform, Path directory) throws IOException {
    Path library = directory.resolve(platform).resolve("libsluice.so");
    Files.createDirectories(library.getParent());
    try (JarFile jar = new JarFile(ReleasedFiles.file(".jar").toFile());
        InputStream in = jar.getInputStream(jar.getJarEntry(FOLDER + platform + "/libsluice.so"))) {
      Files.write(library, in.readAllBytes());
    }
    return library;
  }

  /** Every native method of every class in the jar. */
  public static List<Method> natives() throws Exception {
    List<Method> natives = new ArrayList<>();
    Path jar = ReleasedFiles.file(".jar");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        JarFile entries = new JarFile(jar.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) entries.stream()::iterator) {
        String name = entry.getName();
        if (name.startsWith("dev/") && name.endsWith(".class")) {
          String type = name.substring(0, name.length() - 6).replace('/', '.');
          for (Method method : Class.forName(type, false, loader).getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers())) {
              natives.add(method);
            }
          }
        }
      }
    }
    return natives;
  }

  /** What a library has to export: each native by its short name, and what the JVM calls itself. */
  public static Set<String> exports() throws Exception {
    Set<String> names =
        natives().stream()
            .map(method -> method.getDeclaringClass().getName() + "." + method.getName())
            .map(name -> "Java_" + name.replace("_", "_1").replace('.', '_'))
            .collect(Collectors.toCollection(TreeSet::new));
    names.add("JNI_OnUnload");
    return names;
  }
}

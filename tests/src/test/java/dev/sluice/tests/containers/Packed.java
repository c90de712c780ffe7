package dev.sluice.tests.containers;

import dev.sluice.Sluice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Classes of the tests, in a jar or a directory of their own. */
final class Packed {
  private Packed() {}

  /** The jar of the library. */
  static Path sluice() {
    return Path.of(location(Sluice.class));
  }

  /** The jar or directory that a class was loaded from. */
  static URI location(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Copies classes, each with its nested ones, to a directory, which is made. */
  static Path directory(Path to, Class<?>... types) throws IOException {
    for (Class<?> type : types) {
      for (Path file : files(type)) {
        Path target = to.resolve(name(type, file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return to;
  }

  /** Packs classes, each with its nested ones. */
  static Path jar(Path to, Map<String, String> attributes, Class<?>... types) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    try (OutputStream out = Files.newOutputStream(to);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Class<?> type : types) {
        for (Path file : files(type)) {
          jar.putNextEntry(new ZipEntry(name(type, file)));
          Files.copy(file, jar);
        }
      }
    }
    return to;
  }

  /** Copies a jar, with other attributes in its manifest. */
  static Path withAttributes(Path from, Path to, Map<String, String> attributes)
      throws IOException {
    try (JarFile jar = new JarFile(from.toFile())) {
      Manifest manifest = jar.getManifest();
      attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
      try (OutputStream out = Files.newOutputStream(to);
          JarOutputStream copy = new JarOutputStream(out, manifest)) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            copy.putNextEntry(new ZipEntry(entry.getName()));
            jar.getInputStream(entry).transferTo(copy);
          }
        }
      }
    }
    return to;
  }

  private static String name(Class<?> type, Path file) {
    return type.getPackageName().replace('.', '/') + "/" + file.getFileName();
  }

  private static List<Path> files(Class<?> type) throws IOException {
    Path folder = Path.of(location(type)).resolve(type.getPackageName().replace('.', '/'));
    String own = type.getName().substring(type.getPackageName().length() + 1);
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(
              file -> {
                String name = file.getFileName().toString();
                return name.equals(own + ".class") || name.startsWith(own + "$");
              })
          .toList();
    }
  }
}

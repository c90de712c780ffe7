package dev.sluice.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a property names is loaded once in a JVM. The second loader says what to do. */
class SharedFileTest {
  @TempDir Path directory;

  @Test
  void theSecondLoaderOfOneFileIsToldAndTransfersByNio() throws Exception {
    Path library = directory.resolve("libsluice.so");
    try (JarFile jar = new JarFile(Packed.sluice().toFile());
        InputStream in = jar.getInputStream(jar.getEntry(nameInJar()))) {
      Files.copy(in, library);
    }
    ChildJvm.Result result =
        new ChildJvm()
            .with("-Ddev.sluice.library.path=" + library)
            .run(TwoLoaders.class, Packed.sluice().toUri().toString());
    assertEquals(0, result.exit(), result.output());
  }

  private static String nameInJar() {
    String diagnostics = Sluice.diagnostics();
    assumeTrue(diagnostics.contains("!/META-INF/native/"), "needs the library of the jar");
    return diagnostics.replaceFirst("(?s).*library: \\S*!/(\\S+).*", "$1");
  }

  static final class TwoLoaders {
    public static void main(String[] arguments) throws Exception {
      URL[] jar = {new URL(arguments[0])};
      ClassLoader jdk = ClassLoader.getPlatformClassLoader();
      try (URLClassLoader first = new URLClassLoader(jar, jdk);
          URLClassLoader second = new URLClassLoader(jar, jdk)) {
        String causes = cause(first) + " " + cause(second);
        if (!causes.startsWith("Optional.empty ")
            || !causes.contains("leave -Ddev.sluice.library.path out")) {
          throw new AssertionError(causes);
        }
      }
    }

    private static Object cause(ClassLoader loader) throws Exception {
      return loader.loadClass("dev.sluice.Sluice").getMethod("unavailabilityCause").invoke(null);
    }
  }
}

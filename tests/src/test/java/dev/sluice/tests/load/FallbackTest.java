package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A program whose transfers go by the JDK's own methods is told so once, with the reason. */
class FallbackTest {
  private static final String TOLD =
      "Sluice's native library is not loaded, and the JDK's own methods are called: "
          + "-Ddev.sluice.library.path=/missing is not a readable file";

  /** Without the libraries of other tests, which bring finders of loggers. */
  private static final String CLASS_PATH =
      placeOf(Sluice.class) + File.pathSeparator + placeOf(FallbackTest.class);

  @TempDir Path directory;

  private static String placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  /** How a program logs, and how often it is told. */
  private record Case(String name, List<String> options, String argument, int times) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Stream<Case> cases() throws Exception {
    Path services = Files.createDirectories(directory.resolve("finder/META-INF/services"));
    Files.writeString(services.resolve("java.lang.System$LoggerFinder"), Failing.class.getName());
    return Stream.of(
        new Case("java.logging", List.of(), "", 1),
        new Case("a runtime without java.logging", List.of("--limit-modules", "java.base"), "", 1),
        new Case("a finder that fails", List.of(), directory.resolve("finder").toString(), 0),
        new Case("only a question", List.of(), "question", 0),
        new Case("two class loaders", List.of(), "loaders", 2));
  }

  @TestFactory
  Stream<DynamicTest> theFallbackIsToldOnce() throws Exception {
    return ConcurrentCases.of(
        cases(),
        each -> {
          Path files = Files.createTempDirectory(directory, "files");
          ChildJvm child =
              new ChildJvm().withClassPath(CLASS_PATH).with("-Ddev.sluice.library.path=/missing");
          each.options.forEach(child::with);
          if (each.argument.startsWith("/")) {
            child.withFirstOnClassPath(Path.of(each.argument));
          }
          ChildJvm.Result result = child.run(Program.class, files.toString(), each.argument);
          assertEquals(0, result.exit(), result.output());
          assertEquals(
              each.times,
              result.output().lines().filter(line -> line.contains(TOLD)).count(),
              result.output());
          assertTrue(result.output().contains("done"), result.output());
        });
  }

  /** A finder of loggers as a program may have a broken one. */
  public static final class Failing extends System.LoggerFinder {
    public Failing() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
      throw new LinkageError("this finder fails");
    }
  }

  /** Calls every drop-in method, each twice. */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      switch (arguments[1]) {
        case "question" -> Sluice.diagnostics();
        case "loaders" -> {
          for (int i = 0; i < 2; i++) {
            URL[] urls =
                Stream.of(System.getProperty("java.class.path").split(":"))
                    .map(Program::url)
                    .toArray(URL[]::new);
            try (URLClassLoader loader =
                new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
              loader
                  .loadClass(Program.class.getName())
                  .getMethod("transferAll", Path.class)
                  .invoke(null, directory);
            }
          }
        }
        default -> {
          transferAll(directory);
          transferAll(directory);
        }
      }
      System.out.println("done");
    }

    public static void transferAll(Path directory) throws Exception {
      Path from = Files.write(directory.resolve("from"), new byte[1000]);
      Path to = Files.write(directory.resolve("to"), new byte[0]);
      try (FileChannel source = FileChannel.open(from);
          FileChannel target = FileChannel.open(to, ChannelKinds.readWrite())) {
        Sluice.transferTo(source, 0, 1000, target);
        Sluice.transferFrom(target, source, 0, 1000);
        Sluice.transfer(source, target, 1000);
        Sluice.map(source, MapMode.READ_ONLY, 0, 1000);
      }
      Sluice.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static URL url(String path) {
      try {
        return Path.of(path).toUri().toURL();
      } catch (java.net.MalformedURLException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }
}

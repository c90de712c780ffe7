package dev.sluice.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.modules.LocalModuleLoader;
import org.jboss.modules.Main;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar is a module of JBoss Modules, as WildFly has them, by the {@code module.xml} of
 * docs/class-loaders.md.
 */
class JBossModulesTest {
  private static final String RECORDER = " *<module name=\"jdk.jfr\"[^>]*>\n";

  @TempDir Path directory;

  private enum Scenario {
    BY_THE_PAGE,
    WITHOUT_RECORDER,
    TWO_COPIES
  }

  @TestFactory
  Stream<DynamicTest> inJBossModules() {
    return ConcurrentCases.of(
        Stream.of(Scenario.values()),
        scenario -> {
          ChildJvm.Result result = run(scenario, Files.createTempDirectory(directory, "modules"));
          assertEquals(0, result.exit(), result.output());
        });
  }

  private ChildJvm.Result run(Scenario scenario, Path root) throws Exception {
    String xml = Page.block("urn:jboss:module");
    assertTrue(Pattern.compile(RECORDER).matcher(xml).find(), xml);
    if (scenario != Scenario.TWO_COPIES) {
      sluice(
          root,
          "dev.sluice",
          scenario == Scenario.BY_THE_PAGE ? xml : xml.replaceAll(RECORDER, ""));
      client(root, "client", "dev.sluice");
      return new ChildJvm()
          .withClassPath(Path.of(Packed.location(Main.class)).toString())
          .run(Main.class, "-mp", root.toString(), "client", directory.toString());
    }
    for (String copy : new String[] {"one", "two"}) {
      sluice(root, copy, xml.replace("name=\"dev.sluice\"", "name=\"" + copy + "\""));
      client(root, "client-of-" + copy, copy);
    }
    return new ChildJvm().unchecked().run(BothClients.class, root.toString(), directory.toString());
  }

  /** Lays out the module of the library. */
  private static void sluice(Path root, String name, String xml) throws IOException {
    Path folder = folder(root, name);
    Matcher path = Pattern.compile("resource-root path=\"([^\"]+)\"").matcher(xml);
    assertTrue(path.find(), xml);
    Files.copy(Packed.sluice(), folder.resolve(path.group(1)));
    Files.writeString(folder.resolve("module.xml"), xml);
  }

  /** Lays out a module that uses the library. */
  private static void client(Path root, String name, String sluice) throws IOException {
    Path folder = folder(root, name);
    Packed.jar(folder.resolve("client.jar"), Map.of(), Client.class);
    Files.writeString(
        folder.resolve("module.xml"),
        """
        <module xmlns="urn:jboss:module:1.9" name="%s">
          <main-class name="%s"/>
          <resources><resource-root path="client.jar"/></resources>
          <dependencies><module name="%s"/></dependencies>
        </module>
        """
            .formatted(name, Client.class.getName(), sluice));
  }

  private static Path folder(Path root, String name) throws IOException {
    return Files.createDirectories(root.resolve(name.replace('.', '/')).resolve("main"));
  }

  /** Runs the clients of two copies of the library in one JVM. */
  static final class BothClients {
    public static void main(String[] arguments) throws Exception {
      LocalModuleLoader modules =
          new LocalModuleLoader(new File[] {Path.of(arguments[0]).toFile()});
      for (int round = 0; round < 2; round++) {
        for (String name : new String[] {"client-of-one", "client-of-two"}) {
          Class<?> client =
              modules.loadModule(name).getClassLoader().loadClass(Client.class.getName());
          Path folder = Path.of(arguments[1]);
          long events =
              Recorded.events(
                  folder, () -> client.getMethod("run", Path.class).invoke(null, folder));
          if (events == 0) {
            throw new AssertionError("no event of " + name);
          }
        }
      }
    }
  }
}

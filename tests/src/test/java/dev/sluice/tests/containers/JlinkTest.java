package dev.sluice.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** An image of the JDK that has no module but {@code java.base}, by the page's command. */
class JlinkTest {
  @TempDir Path directory;

  /** How the image gets at the library, and the JVM's options for that. */
  private enum Use {
    CLASS_PATH("--enable-native-access=ALL-UNNAMED"),
    MODULE_PATH("--enable-native-access=dev.sluice", "--add-modules=dev.sluice"),
    LINKED_IN("--enable-native-access=dev.sluice");

    final List<String> options;

    Use(String... options) {
      this.options = List.of(options);
    }
  }

  @TestFactory
  Stream<DynamicTest> inAnImageOfJavaBase() throws Exception {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    assumeTrue(Files.isExecutable(jlink), "needs jlink in " + jlink.getParent());
    Path client = Packed.directory(directory.resolve("client"), Client.class);
    Path plain = image("plain", List.of(jlink.toString(), "--add-modules", "java.base"));
    List<String> command = List.of(Page.block("jlink").strip().split("\\s+"));
    Path withSluice = image("with-sluice", fitted(command, jlink));
    return ConcurrentCases.of(
        Stream.of(Use.values()),
        use -> {
          List<String> java = new ArrayList<>();
          java.add((use == Use.LINKED_IN ? withSluice : plain).resolve("bin/java").toString());
          java.addAll(use.options);
          if (use == Use.MODULE_PATH) {
            java.addAll(List.of("-p", Packed.sluice().toString()));
          }
          String path = use == Use.CLASS_PATH ? client + ":" + Packed.sluice() : client.toString();
          java.addAll(List.of("-cp", path, Client.class.getName(), directory.toString()));
          ChildJvm.Result result = ChildJvm.run(java);
          assertEquals(0, result.exit(), result.output());
        });
  }

  /** The command of the page, with the paths of this machine. */
  private static List<String> fitted(List<String> command, Path jlink) {
    List<String> fitted = new ArrayList<>();
    for (String word : command) {
      if (word.equals("--output")) {
        return fitted;
      }
      fitted.add(
          word.equals("jlink")
              ? jlink.toString()
              : word.endsWith(".jar") ? Packed.sluice().toString() : word);
    }
    throw new AssertionError(command + " has no --output");
  }

  private Path image(String name, List<String> command) throws Exception {
    Path image = directory.resolve(name);
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("--output", image.toString()));
    ChildJvm.Result result = ChildJvm.run(whole);
    // Some builds of the JDK have neither the files of the modules nor the means to do without.
    assumeTrue(
        result.exit() == 0 || !result.output().contains("Module java.base not found"),
        "needs the JDK's modules: " + result.output());
    assertEquals(0, result.exit(), result.output());
    ChildJvm.Result modules =
        ChildJvm.run(List.of(image.resolve("bin/java").toString(), "--list-modules"));
    assertTrue(
        modules.output().lines().allMatch(line -> line.matches("(java.base|dev.sluice)(@.*)?")),
        modules.output());
    return image;
  }
}

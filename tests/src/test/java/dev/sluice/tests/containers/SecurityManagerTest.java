package dev.sluice.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Under a security manager, {@code AllPermission} for the jar alone is enough, untrusted code gets
 * from Sluice nothing that NIO refuses, and without permissions NIO transfers.
 */
class SecurityManagerTest {
  private static final String AT_START = "-Djava.security.manager";

  /** JDK 18 and newer allow a program to set a manager only if they are told so. */
  private static final String LATER = "-Djava.security.manager=allow";

  private static final String ALL = "permission java.security.AllPermission;";

  private static final String NONE = "";

  /** Enough to load the library, and not enough to find the JDK's internals. */
  private static final String TO_LOAD =
      "permission java.io.FilePermission \"<<ALL FILES>>\", \"read,write,delete\";\n"
          + "permission java.util.PropertyPermission \"*\", \"read\";\n"
          + "permission java.lang.RuntimePermission \"loadLibrary.*\";\n"
          + "permission java.lang.RuntimePermission \"getenv.*\";\n"
          + "permission java.lang.RuntimePermission \"accessUserInformation\";\n"
          + "permission java.lang.RuntimePermission \"getProtectionDomain\";";

  @TempDir Path directory;

  /** One JVM: its options, what the jar may do, and the scenarios of {@link ManagedHost}. */
  private record Case(
      String name, List<String> options, String ofJar, boolean isModule, List<String> scenarios) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TestFactory
  Stream<DynamicTest> underASecurityManager() {
    assumeTrue(Runtime.version().feature() < 24, "needs a JDK that has security managers");
    List<String> off = List.of(AT_START, "-Ddev.sluice.internals=off");
    return ConcurrentCases.of(
        Stream.of(
            new Case(
                "a jar with all permissions serves untrusted code",
                List.of(AT_START),
                ALL,
                false,
                List.of("channels", "paths", "attacks")),
            new Case(
                "a jar with all permissions serves untrusted code without internals",
                off,
                ALL,
                false,
                List.of("channels", "paths")),
            new Case(
                "a recording does not fail untrusted code",
                List.of(AT_START),
                ALL,
                false,
                List.of("recorded-channels")),
            new Case(
                "a module keeps untrusted code from its internals",
                List.of(AT_START),
                ALL,
                true,
                List.of("channels", "natives")),
            new Case(
                "without permissions NIO transfers",
                List.of(AT_START),
                NONE,
                false,
                List.of("nio", "nio")),
            new Case(
                "a jar that may load the library and look into nothing transfers",
                List.of(AT_START),
                TO_LOAD,
                false,
                List.of("use")),
            new Case(
                "a jar without permissions transfers on when a manager is set later",
                List.of(LATER),
                NONE,
                false,
                List.of("use", "manager", "channels")),
            new Case(
                "and without internals",
                List.of(LATER, "-Ddev.sluice.internals=off"),
                NONE,
                false,
                List.of("use", "manager", "channels")),
            new Case(
                "and if the manager is there before the library",
                List.of(LATER),
                NONE,
                false,
                List.of("manager", "nio")),
            new Case(
                "a manager that is set later changes nothing for a jar with all permissions",
                List.of(LATER),
                ALL,
                false,
                List.of("channels", "manager", "channels", "paths"))),
        this::run);
  }

  private void run(Case each) throws Exception {
    Path folder = Files.createTempDirectory(directory, "case");
    Path files = Files.createDirectory(folder.resolve("files"));
    Path host = Packed.directory(folder.resolve("host"), ManagedHost.class, Recorded.class);
    Path untrusted = Packed.directory(folder.resolve("untrusted"), Untrusted.class);
    Path policy =
        Files.writeString(
            folder.resolve("policy"),
            ofJar(each.ofJar) + grant(host, ALL) + grant(untrusted, named(files)));
    ChildJvm jvm =
        new ChildJvm()
            .with(each.options.toArray(new String[0]))
            .with("-Djava.security.policy==" + policy);
    String classPath = host + ":" + untrusted;
    if (each.isModule) {
      jvm.with("--enable-native-access=dev.sluice", "-p", "" + Packed.sluice())
          .with("--add-modules", "dev.sluice");
    } else {
      classPath += ":" + Packed.sluice();
    }
    String[] arguments =
        Stream.concat(Stream.of(files.toString()), each.scenarios.stream()).toArray(String[]::new);
    ChildJvm.Result result = jvm.withClassPath(classPath).run(ManagedHost.class, arguments);
    assertEquals(0, result.exit(), result.output());
  }

  private static String ofJar(String permissions) throws IOException {
    if (!permissions.equals(ALL)) {
      return grant(Packed.sluice(), permissions);
    }
    String path = "/path/to/sluice-0.1.0.jar";
    String grant = Page.block("grant codeBase");
    assertTrue(grant.contains(path), grant);
    return grant.replace(path, Packed.sluice().toString());
  }

  private static String grant(Path code, String permissions) {
    String suffix = Files.isDirectory(code) ? "/-" : "";
    return "grant codeBase \"file:" + code + suffix + "\" {\n" + permissions + "\n};\n";
  }

  /** What untrusted code may do with the files. It may delete none of them. */
  private static String named(Path files) {
    Path here = Path.of("").toAbsolutePath();
    return permission(files.resolve("readable"), "read")
        + permission(here.relativize(files.resolve("readable")), "read")
        + permission(files.resolve("absent"), "read")
        + permission(files.resolve("link"), "read")
        + permission(files.resolve("both"), "read,write")
        + permission(files.resolve("new"), "write")
        + permission(files.resolve("existing"), "write")
        + permission(files.resolve("folder"), "write");
  }

  private static String permission(Path file, String actions) {
    return "permission java.io.FilePermission \"" + file + "\", \"" + actions + "\";\n";
  }
}

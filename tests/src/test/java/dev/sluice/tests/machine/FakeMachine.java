package dev.sluice.tests.machine;

import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A machine that has nothing but what a test puts there: a copy of {@code gradlew} looks for
 * everything below its directory, and what it installs are programs that do nothing.
 */
final class FakeMachine {
  private static final Path SOURCES = Path.of(System.getProperty("dev.sluice.tests.sources"));

  /** Where the scripts look, beside the PATH. */
  private static final Pattern FOLDERS =
      Pattern.compile("(^|[\\s\":])(/(?:usr|opt|var|sbin)\\b)", Pattern.MULTILINE);

  private static final List<String> UTILITIES =
      List.of(
          "basename",
          "cat",
          "chmod",
          "dirname",
          "env",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sha256sum",
          "sort",
          "tail",
          "tr");

  private final Path root;
  private final List<String> shell;
  private final Map<String, String> environment = new TreeMap<>();

  FakeMachine(Path root, List<String> shell) throws IOException, InterruptedException {
    this.root = root;
    this.shell = shell;
    copyScripts();
    Files.createDirectories(root.resolve("home"));
    for (String utility : UTILITIES) {
      Path real = Path.of("/usr/bin", utility);
      link("usr/bin/" + utility, Files.exists(real) ? real : Path.of("/bin", utility));
    }
    set("PATH", root.resolve("usr/bin").toString());
    set("HOME", root.resolve("home").toString());
    set("MACHINE", root.toString());
    write("package.sh", resource("package.sh"));
    write("offers", "");
    write("log", "");
    userIsRoot(true);
  }

  private void copyScripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    scripts.add(Path.of("gradlew"));
    scripts.add(Path.of("Cargo.toml"));
    scripts.add(Path.of("gradle/wrapper/gradle-wrapper.properties"));
    try (Stream<Path> parts = Files.list(SOURCES.resolve("gradle/machine"))) {
      parts.map(SOURCES::relativize).forEach(scripts::add);
    }
    for (Path script : scripts) {
      String text = Files.readString(SOURCES.resolve(script));
      write("checkout/" + script, FOLDERS.matcher(text).replaceAll("$1" + root + "$2"));
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = FakeMachine.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes());
    }
  }

  FakeMachine set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  FakeMachine unset(String variable) {
    environment.remove(variable);
    return this;
  }

  Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  void program(String file, String body) throws IOException {
    assertExecutable(write(file, body.startsWith("#!") ? body : "#!/bin/sh\n" + body + "\n"));
  }

  private static void assertExecutable(Path path) {
    if (!path.toFile().setExecutable(true)) {
      throw new AssertionError(path + " cannot be executed");
    }
  }

  void link(String link, Path target) throws IOException {
    Path path = root.resolve(link);
    Files.createDirectories(path.getParent());
    Files.deleteIfExists(path);
    Files.createSymbolicLink(path, target);
  }

  void delete(String file) throws IOException {
    Files.delete(root.resolve(file));
  }

  FakeMachine userIsRoot(boolean is) throws IOException {
    program("usr/bin/id", "echo " + (is ? 0 : 1000));
    return this;
  }

  /** Puts there what these packages have, in the versions of the offers. */
  FakeMachine with(String... packages) throws IOException, InterruptedException {
    for (String name : packages) {
      run(List.of("sh", root.resolve("package.sh").toString(), name));
    }
    return this;
  }

  /**
   * An apt-get with these packages, each a name and a version, whose lists root has yet to read.
   */
  FakeMachine withApt(String... offers) throws IOException {
    for (String tool : List.of("apt-get", "apt-cache")) {
      program("usr/bin/" + tool, resource(tool));
    }
    program("usr/bin/sleep", "echo sleep >>\"$MACHINE/log\"");
    program("usr/bin/dpkg", "echo dpkg \"$@\" >>\"$MACHINE/log\"");
    program("usr/bin/dpkg-query", "echo cargo-web: \"$2\"");
    write("offers", String.join("\n", offers) + "\n");
    return this;
  }

  /** What happened to the packages, a line for each call. */
  List<String> log() throws IOException {
    return Files.readAllLines(root.resolve("log"));
  }

  Path path(String file) {
    return root.resolve(file);
  }

  ChildJvm.Result gradlew(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(shell);
    command.add(root.resolve("checkout/gradlew").toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private ChildJvm.Result run(List<String> command) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    environment.forEach((name, value) -> whole.add(name + "=" + value));
    whole.add(
        Files.exists(Path.of("/usr/bin", command.get(0)))
            ? "/usr/bin/" + command.get(0)
            : "/bin/" + command.get(0));
    whole.addAll(command.subList(1, command.size()));
    return ChildJvm.run(whole);
  }
}

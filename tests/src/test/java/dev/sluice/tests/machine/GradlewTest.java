package dev.sluice.tests.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ChildJvm.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code gradlew} on machines that lack what the build needs. */
@Tag("any-jdk")
class GradlewTest {
  private static final String[] DEBIAN_12 = {
    "openjdk-17-jdk-headless 17.0.19", "gcc 4:12.2", "libc6-dev 2.36", "gradle 4.4.1-18",
    "rustc 1.63.0+dfsg1-2", "cargo 0.66.0+ds1-1", "rustc-web 1.85.0+dfsg3",
        "cargo-web 1.85.0+dfsg3",
    "rustfmt-web 1.85.0", "rust-web-clippy 1.85.0", "fontconfig 2.14", "fonts-dejavu-core 2.37",
    "python3 3.11", "python3-venv 3.11", "strace 6.1"
  };
  private static final String[] BUILD = {
    "openjdk-17-jdk-headless", "gcc", "libc6-dev", "rustc-web", "cargo-web", "gradle"
  };

  /** What an `apt-get update` leaves. */
  private static final String LISTS = "var/lib/apt/lists/debian_Packages";

  @TempDir Path folder;

  private FakeMachine machine() throws IOException, InterruptedException {
    return new FakeMachine(folder, List.of("sh"));
  }

  /** The shells of this machine that `/bin/sh` may be. */
  static List<List<String>> shells() {
    List<List<String>> shells = new ArrayList<>();
    for (List<String> shell :
        List.of(List.of("dash"), List.of("bash", "--posix"), List.of("busybox", "ash"))) {
      if (Files.isExecutable(Path.of("/usr/bin", shell.get(0)))
          || Files.isExecutable(Path.of("/bin", shell.get(0)))) {
        shells.add(shell);
      }
    }
    return shells;
  }

  @ParameterizedTest
  @MethodSource("shells")
  void rootOnDebianIsAskedNothing(List<String> shell) throws Exception {
    FakeMachine machine = new FakeMachine(folder, shell).withApt(DEBIAN_12);
    Result result = machine.gradlew("jar");
    assertEquals(
        """
        gradlew: reads the lists of packages: apt-get update
        gradlew: installs a JDK of 17 to 23: openjdk-17-jdk-headless
        gradlew: installs a C compiler: gcc libc6-dev
        gradlew: installs Rust 1.85 or newer: rustc-web cargo-web
        gradlew: installs Gradle 4.4 or newer: gradle
        gradle jar on java-17 with cargo 1.85.0+dfsg3 in CHECKOUT
        """
            .replace("CHECKOUT", machine.path("checkout").toString()),
        result.output());
    List<String> log = machine.log();
    assertEquals(2, log.size(), log.toString());
    assertTrue(log.get(1).startsWith("apt-get noninteractive -q -y "), log.get(1));
    assertEquals(0, result.exit());

    Result again = machine.gradlew("jar");
    assertEquals(1, again.output().lines().count(), again.output());
    assertEquals(log, machine.log());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aUserIsToldTheCommand(List<String> shell) throws Exception {
    FakeMachine machine = new FakeMachine(folder, shell).withApt(DEBIAN_12).userIsRoot(false);
    machine.write(LISTS, "");
    Result result = machine.gradlew("compare");
    assertEquals(
        "gradlew: needs a JDK of 17 to 23, a C compiler, Rust 1.85 or newer, Gradle 4.4 or newer;"
            + " as root: apt-get install openjdk-17-jdk-headless gcc libc6-dev rustc-web cargo-web"
            + " gradle\n",
        result.output());
    assertEquals(1, result.exit());
    assertEquals(List.of(), machine.log());
  }

  @Test
  void aUserIsToldToReadTheListsFirst() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD).userIsRoot(false);
    machine.delete("usr/bin/cc");
    Result result = machine.gradlew("compare");
    assertEquals(
        "gradlew: needs a C compiler; as root: apt-get update; then gradlew can tell the"
            + " packages\n",
        result.output());
  }

  @ParameterizedTest
  @CsvSource({
    "dnf, as root: dnf install java-21-openjdk-devel gcc glibc-devel rust cargo gradle",
    "apk, as root: apk add openjdk17 gcc musl-dev rust cargo gradle",
    "pacman, as root: pacman -S --needed jdk17-openjdk gcc rust gradle",
    "zypper, as root: zypper install java-17-openjdk-devel gcc glibc-devel rust cargo gradle",
    "brew, brew install openjdk@17 gcc rust gradle"
  })
  void everyDistributionHasItsOwnCommand(String manager, String command) throws Exception {
    FakeMachine machine = machine();
    machine.program("usr/bin/" + manager, "echo called >>\"$MACHINE/log\"");
    Result result = machine.gradlew("jar");
    assertEquals(
        "gradlew: needs a JDK of 17 to 23, a C compiler, Rust 1.85 or newer, Gradle 4.4 or newer; "
            + command
            + "\n",
        result.output());
    assertEquals(1, result.exit());
    assertEquals(List.of(), machine.log());
  }

  @Test
  void whereNoToolInstallsTheWordsAreLeft() throws Exception {
    Result result = machine().gradlew("javaFormat");
    assertEquals("gradlew: needs a JDK of 17 to 23, Gradle 4.4 or newer\n", result.output());
  }

  @Test
  void ubuntuHasANewRustByTheNumberInItsName() throws Exception {
    FakeMachine machine =
        machine()
            .withApt(
                "openjdk-17-jdk-headless 17",
                "gcc 1",
                "libc6-dev 1",
                "gradle 4",
                "rustc 1.75.0",
                "cargo 1.75.0",
                "rustc-1.84 1.84.0",
                "cargo-1.84 1.84.0",
                "rustc-1.97 1.97.0",
                "cargo-1.97 1.97.0",
                "rustc-1.85 1.85.1",
                "cargo-1.85 1.85.1");
    Result result = machine.gradlew("jar");
    assertTrue(result.output().contains("newer: rustc-1.85 cargo-1.85\n"), result.output());
    assertTrue(result.output().contains(" with cargo 1.85.1 in "), result.output());
  }

  @Test
  void theGradleOfUbuntuIsToldToOpenWhatItLooksInto() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD);
    machine.set("GRADLE_OPTS", "-Xshare:auto");
    machine.program("usr/share/gradle/bin/gradle", "echo \"$GRADLE_OPTS\"; echo \"$*\"");
    String opens = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    assertEquals(
        "-Xshare:auto " + opens + "\n-Dorg.gradle.jvmargs=-Xmx1024m " + opens + " jar\n",
        machine.gradlew("jar").output());
  }

  @Test
  void aRustIsChosenByItsVersion() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD);
    machine.program("old/cargo", "echo cargo 1.65.0");
    machine.program("old/rustc", "");
    machine.set("PATH", machine.path("old") + ":" + machine.path("usr/bin"));
    Result result = machine.gradlew("jar");
    assertTrue(result.output().contains(" with cargo 1.85.0+dfsg3 in "), result.output());

    machine.program("home/.cargo/bin/cargo", "echo cargo 1.95.0");
    machine.program("home/.cargo/bin/rustc", "");
    machine.delete("usr/bin/cargo");
    result = machine.gradlew("jar");
    assertTrue(result.output().contains(" with cargo 1.95.0 in "), result.output());
    assertEquals(List.of(), machine.log());
  }

  @ParameterizedTest
  @CsvSource({"openjdk-8-jdk-headless", "openjdk-11-jdk-headless", "openjdk-25-jdk-headless"})
  void aJdkIsChosenByItsVersion(String usual) throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(usual).with(BUILD);
    Result result = machine.gradlew("jar");
    assertTrue(result.output().startsWith("gradle jar on java-17 with"), result.output());
  }

  @Test
  void aJreIsNoJdk() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD);
    machine.delete("usr/lib/jvm/java-17/bin/javac");
    machine.set("JAVA_HOME", machine.path("usr/lib/jvm/java-17").toString());
    Result result = machine.gradlew("jar");
    assertTrue(result.output().contains("installs a JDK of 17 to 23: "), result.output());
    assertTrue(result.output().contains("\ngradle jar on java-17 with"), result.output());
  }

  @Test
  void aCompilerWithoutTheCLibraryIsNone() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD).userIsRoot(false);
    machine.write(LISTS, "");
    machine.delete("usr/include/stdio.h");
    Result result = machine.gradlew("jar");
    assertEquals(
        "gradlew: needs a C compiler; as root: apt-get install gcc libc6-dev\n", result.output());
  }

  @ParameterizedTest
  @CsvSource({"help", "javaFormat", "--version", "clean"})
  void someTasksNeedNoCompilers(String task) throws Exception {
    FakeMachine machine = machine().with("openjdk-17-jdk-headless", "gradle");
    assertEquals(0, machine.gradlew(task, "-x", "check").exit());
  }

  @Test
  void checkGoesOnWithoutThatWhichSomeTestsWant() throws Exception {
    FakeMachine machine =
        machine()
            .withApt(DEBIAN_12)
            .with(BUILD)
            .with("rustfmt-web", "rust-web-clippy", "python3", "python3-venv")
            .userIsRoot(false);
    machine.write(LISTS, "");
    Result result = machine.gradlew("check");
    assertTrue(
        result.output().startsWith("gradlew: goes on without fontconfig and a font, a JDK 25"),
        result.output());
    assertTrue(result.output().contains("as root: apt-get install fontconfig"), result.output());
    assertTrue(result.output().contains("no package has: a JDK 25, mkfs.xfs"), result.output());
    assertTrue(result.output().contains("\ngradle check on java-17"), result.output());
    assertEquals(0, result.exit());
  }

  @Test
  void checkInstallsWhatSomeTestsWantWhereItIsOffered() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD);
    Result result = machine.gradlew("check");
    assertTrue(result.output().contains("installs rustfmt: rustfmt-web\n"), result.output());
    assertTrue(result.output().contains("installs clippy: rust-web-clippy\n"), result.output());
    assertTrue(result.output().contains("installs strace: strace\n"), result.output());
    assertFalse(result.output().contains("goes on without strace"), result.output());
    assertTrue(result.output().contains("\ngradle check on java-17"), result.output());
  }

  @Test
  void partsOfRustupComeFromRustup() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD).with("python3");
    Path toolchain = machine.path("toolchain");
    machine.program("home/.cargo/bin/cargo", "echo cargo 1.95.0");
    machine.program("home/.cargo/bin/rustc", "echo " + toolchain);
    machine.program(
        "home/.cargo/bin/rustup",
        "echo rustup \"$@\" >>\"$MACHINE/log\"; for part in cargo-fmt rustfmt cargo-clippy"
            + " clippy-driver; do echo >\"$MACHINE/toolchain/bin/$part\";"
            + " chmod +x \"$MACHINE/toolchain/bin/$part\"; done");
    Files.createDirectories(toolchain.resolve("bin"));
    machine.delete("usr/bin/cargo");
    machine.userIsRoot(false).write(LISTS, "");
    Result result = machine.gradlew("cargoClippy");
    assertEquals("gradlew: needs clippy; rustup component add clippy\n", result.output());
    machine.userIsRoot(true);
    result = machine.gradlew("cargoFmt", "cargoClippy");
    assertEquals("rustup component add rustfmt clippy", machine.log().get(0), result.output());
    assertEquals(0, result.exit());
  }

  @Test
  void anAptThatFailsSaysWhy() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12);
    machine.write(LISTS, "");
    machine.write("complaint", "Reading\nE: Unable to fetch some archives\n");
    Result result = machine.gradlew("jar");
    assertTrue(
        result
            .output()
            .contains("gradlew: apt-get install failed:\nE: Unable to fetch some archives\n"),
        result.output());
    assertTrue(result.output().contains("gradlew: needs a JDK of 17 to 23, "), result.output());
    assertEquals(1, result.exit());
  }

  @Test
  void whatWasInterruptedIsEnded() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12);
    machine.write(LISTS, "");
    machine.write(
        "complaint", "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'");
    Result result = machine.gradlew("jar");
    assertEquals("dpkg --configure -a", machine.log().get(1), result.output());
    assertEquals(0, result.exit(), result.output());
  }

  @Test
  void anotherAptIsWaitedFor() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12);
    machine.write("complaint", "E: Could not get lock /var/lib/apt/lists/lock. It is held");
    Result result = machine.gradlew("jar");
    assertEquals("sleep", machine.log().get(1), result.output());
    String install = machine.log().get(3);
    assertTrue(install.contains(" DPkg::Lock::Timeout=120 "), install);
    assertEquals(0, result.exit(), result.output());
  }

  @Test
  void onlyAnOldRustIsRemoved() throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with("openjdk-17-jdk-headless", "gradle");
    machine.write("removes", "Remv rustc [1.63]\nRemv libstd-rust-1.63 [1.63]\nInst rustc-web\n");
    Result result = machine.gradlew("jar");
    assertTrue(result.output().contains("removes rustc libstd-rust-1.63, which"), result.output());
    assertEquals(0, result.exit(), result.output());

    machine.delete("usr/bin/cc");
    machine.write("removes", "Remv clang [14]\n");
    result = machine.gradlew("jar");
    assertTrue(result.output().contains("does not install gcc libc6-dev: "), result.output());
    assertEquals(1, result.exit());
  }

  @ParameterizedTest
  @CsvSource({"unset", "missing"})
  void aHomeThatIsNotThereIsMadeBelowTarget(String how) throws Exception {
    FakeMachine machine = machine().withApt(DEBIAN_12).with(BUILD);
    machine.program("usr/share/gradle/bin/gradle", "echo \"$HOME $GRADLE_USER_HOME $CARGO_HOME\"");
    machine = how.equals("unset") ? machine.unset("HOME") : machine.set("HOME", "/nonexistent");
    String home = machine.path("checkout/target/home").toString();
    assertEquals(
        String.join(" ", home, home + "/.gradle", home + "/.cargo") + "\n",
        machine.gradlew("jar").output());
  }
}

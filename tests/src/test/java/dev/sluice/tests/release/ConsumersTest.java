package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that were built with the released jar, each by a build of its own, and run here. */
class ConsumersTest {
  private static final boolean WANTS_FLAG = Runtime.version().feature() >= 24;
  private static final String GIVEN = "--enable-native-access=ALL-UNNAMED";
  private static final String WARNING = "System::load has been called by";

  @TempDir Path directory;
  private Path source;
  private Path target;

  @BeforeEach
  void files() throws IOException {
    source = Files.write(directory.resolve("source"), new byte[100_000]);
    target = directory.resolve("target");
  }

  // -- how it gets there --

  @Test
  void onTheClassPath() throws Exception {
    assertMoved(run(onClassPath("classpath"), GIVEN), true);
  }

  @Test
  void onTheModulePath() throws Exception {
    ChildJvm.Result result = run(onModulePath(), "--enable-native-access=dev.sluice");
    assertMoved(result, true);
    assertFalse(result.output().contains("WARNING"), result.output());
  }

  @Test
  void inAFatJar() throws Exception {
    List<String> jar =
        List.of("-jar", ReleasedFiles.program("fatjar").resolve("fatjar.jar").toString());
    assertMoved(run(jar, GIVEN), true);
  }

  @Test
  void inTwoClassLoadersAtOnce() throws Exception {
    List<String> command = new ArrayList<>(List.of(ChildJvm.java(), "-Xcheck:jni", GIVEN));
    Path jars = ReleasedFiles.program("classpath");
    command.addAll(List.of("-cp", jars.resolve("classpath.jar").toString(), "consumer.TwoLoaders"));
    command.addAll(List.of(source.toString(), target.toString(), jar().toString()));
    ChildJvm.Result result = ChildJvm.run(command);
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("first: available true, moved 20000000"), result.output());
    assertTrue(result.output().contains("second: available true, moved 20000000"), result.output());
    assertFalse(result.output().contains("WARNING in native method"), result.output());
  }

  @Test
  void fromKotlinWithCoroutines() throws Exception {
    List<String> program =
        List.of("-cp", ReleasedFiles.program("kotlin") + "/*", "examples.MainKt");
    ChildJvm.Result result = run(program, GIVEN);
    assertEquals(0, result.exit(), result.output());
    for (String line :
        List.of(
            "available: yes",
            "sent: 100000, received: 100000",
            "same: true",
            "mapped: 100000, sent: 1000, 1000",
            "cancelled, the socket is open: false")) {
      assertTrue(result.output().contains(line), result.output());
    }
  }

  @Test
  void kotlinSeesWhatCanBeNull() throws IOException {
    String complaints = Files.readString(ReleasedFiles.program("kotlin").resolve("nulls.txt"));
    for (String line : List.of("nulls.kt:6:", "nulls.kt:8:", "nulls.kt:10:")) {
      assertTrue(complaints.contains(line), complaints);
    }
  }

  // -- where it has to live --

  @Test
  void aReadOnlyTempDirectory() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("readonly"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "ro,size=1m")) {
      assertMoved(run(onClassPath("classpath"), GIVEN, "-Djava.io.tmpdir=" + mount.folder()), true);
      assertUnavailable(
          run(onClassPath("classpath"), GIVEN, "-Ddev.sluice.workdir=" + mount.folder()),
          "is not a directory that can be written; -Ddev.sluice.workdir=DIRECTORY");
    }
  }

  @Test
  void aNoexecTempDirectory() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("noexec"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "noexec,size=16m")) {
      assertMoved(run(onClassPath("classpath"), GIVEN, "-Djava.io.tmpdir=" + mount.folder()), true);
      assertUnavailable(
          run(onClassPath("classpath"), GIVEN, "-Ddev.sluice.workdir=" + mount.folder()),
          "forbids execution");
    }
  }

  /**
   * The errno of a call that a container's profile refuses, and that of one which an old kernel
   * lacks.
   */
  @Test
  void aSeccompProfile() throws Exception {
    Path refuse = ReleasedFiles.folder("dev.sluice.tests.refuse");
    for (String errno : List.of("EPERM", "ENOSYS")) {
      List<String> command = new ArrayList<>();
      List<String> refusals = new ArrayList<>();
      for (String call :
          List.of("copy_file_range", "sendfile", "splice", "tee", "ficlone", "ficlonerange")) {
        refusals.add(call + "=" + errno);
      }
      command.addAll(List.of(refuse.toString(), String.join(",", refusals), "--"));
      command.add(ChildJvm.java());
      command.add(GIVEN);
      command.addAll(onClassPath("classpath"));
      command.addAll(List.of(source.toString(), target.toString()));
      assertMoved(ChildJvm.run(command), true);
    }
  }

  // -- what the JVM must be told --

  @Test
  void nativeAccessThatIsGivenIsSilent() throws Exception {
    ChildJvm.Result result = run(onClassPath("classpath"), GIVEN);
    assertMoved(result, true);
    assertFalse(result.output().contains("WARNING"), result.output());
  }

  @Test
  void nativeAccessThatIsNotGivenIsAWarningFromJdk24On() throws Exception {
    ChildJvm.Result result = run(onClassPath("classpath"));
    assertMoved(result, true);
    assertEquals(WANTS_FLAG, result.output().contains(WARNING), result.output());
  }

  @Test
  void nativeAccessThatIsDeniedNamesTheFlag() throws Exception {
    assumeTrue(WANTS_FLAG, "needs JDK 24 or newer: --illegal-native-access");
    assertUnavailable(
        run(onClassPath("classpath"), "--illegal-native-access=deny"),
        "this JVM denies native access: start it with --enable-native-access=ALL-UNNAMED");
    assertUnavailable(
        run(onModulePath(), "--illegal-native-access=deny"),
        "this JVM denies native access: start it with --enable-native-access=dev.sluice");
    assertMoved(run(onClassPath("classpath"), "--illegal-native-access=deny", GIVEN), true);
  }

  // -- the programs of the pages --

  @Test
  void theReadmesFirstExampleInANewDirectory() throws Exception {
    assertServes("readmeJava", "Serve");
  }

  @Test
  void theKotlinExampleOfGettingStartedInANewDirectory() throws Exception {
    assertServes("gettingStartedKotlin", "ServeKt");
  }

  private void assertServes(String name, String main) throws Exception {
    Path script =
        ReleasedFiles.sources().resolve("build/new").resolve(name).resolve("build.gradle");
    assertTrue(Files.readAllLines(script).size() <= 10, script.toString());
    List<String> command =
        List.of(
            ChildJvm.java(),
            GIVEN,
            "-cp",
            ReleasedFiles.program(name) + "/*",
            main,
            source.toString());
    FutureTask<ChildJvm.Result> server = ChannelPair.started(() -> ChildJvm.run(command));
    byte[] fetched;
    try (SocketChannel client = connected(server)) {
      fetched = ChannelPair.drain(client);
    }
    assertEquals(100_000, fetched.length);
    ChildJvm.Result result = server.get(30, TimeUnit.SECONDS);
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("100000 bytes, COMPLETE: "), result.output());
  }

  private static SocketChannel connected(FutureTask<ChildJvm.Result> server) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        return SocketChannel.open(new InetSocketAddress("localhost", 7070));
      } catch (IOException e) {
        if (server.isDone()) {
          throw new AssertionError(server.get().output(), e);
        }
        if (attempt == 200) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  // -- how they are run --

  private static Path jar() {
    return ReleasedFiles.file(".jar");
  }

  private static List<String> onClassPath(String name) {
    return List.of("-cp", ReleasedFiles.program(name) + "/*", "consumer.Main");
  }

  private static List<String> onModulePath() {
    String jars = ReleasedFiles.program("modulepath").toString();
    return List.of("--module-path", jars, "--module", "consumer/consumer.Main");
  }

  private ChildJvm.Result run(List<String> program, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.addAll(List.of(options));
    command.addAll(program);
    command.addAll(List.of(source.toString(), target.toString()));
    return ChildJvm.run(command);
  }

  private static void assertMoved(ChildJvm.Result result, boolean available) {
    String output = result.output();
    assertEquals(0, result.exit(), output);
    assertTrue(output.contains("available: " + available), output);
    assertTrue(output.contains("moved: 100000"), output);
    assertTrue(output.contains("same: true"), output);
    assertTrue(output.contains("piped: 1000"), output);
    assertTrue(output.contains("read: 1000"), output);
  }

  private static void assertUnavailable(ChildJvm.Result result, String cause) {
    assertMoved(result, false);
    assertTrue(
        result.output().lines().anyMatch(l -> l.startsWith("cause: ") && l.contains(cause)),
        result.output());
  }
}

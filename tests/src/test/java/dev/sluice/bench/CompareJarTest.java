package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice-compare.jar} on a machine that has a JDK, in a directory of its own. */
@Tag("any-jdk")
class CompareJarTest {
  private static final Path JAR = Path.of(System.getProperty("dev.sluice.tests.compareJar"));
  private static final long LIMIT_SECONDS = 100;

  @TempDir Path directory;
  private Path temporary;

  @BeforeEach
  void makeDirectoryForTemporaryFiles() throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  @Test
  void comparesWithoutAnEnvironmentAndLeavesThePageAndTheJsonAlone() throws Exception {
    Path file = CompareProcess.file(directory, 100_000);
    Process process =
        start(JAR, "--only", "file-file/4KiB", "--seconds", "2", "--file", file.toString());
    assertEquals(0, status(process), output());
    Path reports = directory.resolve("build/reports/compare");
    Report report = JsonReport.read(reports.resolve(JsonReport.FILE_NAME));
    assertTrue(report.sound());
    assertEquals("file-file/4KiB", report.runs().get(0).cells().get(0).id());
    String page = Files.readString(reports.resolve("index.html"));
    String again = "/bin/java -jar " + JAR + " --file " + file + " --only file-file/4KiB";
    assertTrue(page.contains(System.getProperty("java.home") + again), page);
    assertEquals(List.of(), unpacked());
  }

  @Test
  void theOtherJdkOfAReportIsRunOutOfTheJarToo() throws Exception {
    Path file = CompareProcess.file(directory, 100_000);
    Process process =
        start(
            JAR,
            "compare",
            "--only",
            "file-file/4KiB",
            "--seconds",
            "0.2",
            "--jdk",
            System.getProperty("java.home"),
            "--file",
            file.toString());
    assertEquals(0, status(process), output());
    Path json = directory.resolve("build/reports/compare").resolve(JsonReport.FILE_NAME);
    assertEquals(2, JsonReport.read(json).runs().size());
  }

  @Test
  void hasTheJmhSuiteAndTheSlowPeers() throws Exception {
    assertEquals(0, status(start(JAR, "jmh", "-l")), output());
    assertTrue(output().contains("dev.sluice.bench.jmh.CallCost.guardedAuto"), output());
    assertEquals(0, status(start(JAR, "slowPeers", "--help")), output());
    assertTrue(output().contains("--peers"), output());
    assertEquals(List.of(), unpacked());
  }

  @Test
  void aWrongArgumentIsAnsweredByTheProgramAndItsStatus() throws Exception {
    assertEquals(2, status(start(JAR, "--nonsense")));
    assertTrue(output().startsWith("compare: "), output());
    assertEquals(List.of(), unpacked());
  }

  @Test
  void aFileThatIsNotTheBuildsOwnIsNotRun() throws Exception {
    Path damaged = Files.copy(JAR, directory.resolve("damaged.jar"));
    try (FileSystem jar = FileSystems.newFileSystem(damaged)) {
      Files.writeString(jar.getPath("content/native/sluice-peer"), "#!/bin/sh\n");
    }
    assertEquals(1, status(start(damaged, "--help")));
    String output = output();
    assertTrue(
        output.matches(
            "sluice-compare: native/sluice-peer is damaged: its SHA-256 is [0-9a-f]{64} and should"
                + " be [0-9a-f]{64}\n"),
        output);
    assertEquals(List.of(), unpacked());
  }

  @Test
  void aProgramThatIsEndedLeavesItsReportAndNothingUnpacked() throws Exception {
    Path file = CompareProcess.file(directory, 100_000);
    Process process =
        start(JAR, "--only", "file-file/4KiB", "--seconds", "15", "--file", file.toString());
    while (!output().contains("JVM 2/5")) {
      assertTrue(process.isAlive(), output());
      Thread.sleep(20);
    }
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    assertEquals(128 + 15, status(process));
    assertFalse(all.isEmpty());
    assertFalse(all.stream().anyMatch(ProcessHandle::isAlive));
    Path json = directory.resolve("build/reports/compare").resolve(JsonReport.FILE_NAME);
    assertFalse(JsonReport.read(json).complete());
    assertEquals(List.of(), unpacked());
  }

  private Process start(Path jar, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.txt").toFile());
    builder.environment().clear();
    return builder.start();
  }

  private static int status(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it still runs");
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("out.txt"));
  }

  /** What was unpacked and is still there. */
  private List<Path> unpacked() throws IOException {
    try (Stream<Path> left = Files.list(temporary)) {
      return left.filter(each -> each.getFileName().toString().startsWith("sluice-")).toList();
    }
  }
}

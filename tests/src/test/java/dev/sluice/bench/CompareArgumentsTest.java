package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison called wrongly: status 2, and one line that says what is wrong. */
class CompareArgumentsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.write(directory.resolve("file"), new byte[100_000]);
  }

  @Test
  void aMissingFile() {
    refuses("does not exist", "--file", directory.resolve("missing").toString());
  }

  @Test
  void anEmptyFile() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    refuses("is empty", "--file", empty.toString());
  }

  @Test
  void aDirectory() {
    refuses("is a directory", "--file", directory.toString());
  }

  @Test
  void aPipeWithAName() throws IOException, InterruptedException {
    Path fifo = directory.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    refuses("is not a regular file", "--file", fifo.toString());
  }

  /** The kernel lets nobody read this one, not even root. */
  @Test
  void aFileThatMayNotBeRead() {
    refuses("cannot be read", "--file", "/proc/sys/vm/drop_caches");
  }

  @ParameterizedTest
  @CsvSource({
    "--fast, , Unknown option",
    "--file, , Missing required parameter",
    "--only, file-tape, does not know 'file-tape'",
    "--only, file-socket/4KiB/two-cpus, does not know 'file-socket/4KiB/two-cpus'",
    "--only, file-file/4KiB/nagle, does not know 'file-file/4KiB/nagle'",
    "--only, 1MiB, leaves no cell",
    "--seconds, 0, more than 0",
    "--seconds, soon, soon",
    "--jvms, 0, 1 or more",
    "--jvms, several, several",
    "--out, /proc/nowhere, cannot be written",
    "--jdk, /proc/nowhere, has no bin/java",
    "--against, /proc/nowhere.jar, does not exist",
    "--against, /proc/version, is no jar",
    "--diff, one.json, at least 2 values",
  })
  void anOption(String name, String value, String expected) {
    if (name.equals("--file")) {
      refuses(expected, name);
    } else if (value == null) {
      refuses(expected, "--file", file.toString(), name);
    } else {
      refuses(expected, "--file", file.toString(), name, value);
    }
  }

  @Test
  void aDiffOfWhatIsNoReport() throws IOException {
    String missing = directory.resolve("missing.json").toString();
    Path text = Files.writeString(directory.resolve("text.json"), "no report");
    Path old = Files.writeString(directory.resolve("old.json"), "{\"format\": 2}");
    refuses("does not exist", "--diff", missing, missing);
    refuses("cannot be read", "--diff", text.toString(), text.toString());
    refuses("is no report of format 3, but of 2", "--diff", old.toString(), old.toString());
  }

  private static void refuses(String expected, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Compare.run(printing(out), printing(err), arguments);
    String message = err.toString(StandardCharsets.UTF_8);
    assertEquals(2, status, message);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("compare: "), message);
    assertTrue(message.contains(expected), message);
  }

  private static PrintStream printing(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}

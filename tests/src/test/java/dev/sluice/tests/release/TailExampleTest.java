package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example that shows the end of a file also shows the lines that are appended. */
@Tag("any-jdk")
class TailExampleTest extends ExampleFixture {
  @Test
  void theTailShowsTheLastLinesAndWhatIsAppended() throws Exception {
    Path log = directory.resolve("log");
    StringBuilder before = new StringBuilder();
    for (int line = 0; line < 30_000; line++) {
      before.append("line ").append(line).append('\n');
    }
    Files.writeString(log, before);
    Path errors = directory.resolve("errors");
    Process tail =
        started(
            new ProcessBuilder(command("LogTail.java", List.of(), log.toString(), "3"))
                .redirectError(errors.toFile()));
    try (Running running = new Running(tail, "");
        BufferedReader output =
            new BufferedReader(new InputStreamReader(running.process().getInputStream()))) {
      for (int line = 29_997; line < 30_000; line++) {
        assertEquals("line " + line, output.readLine(), () -> errorsOf(errors));
      }
      Files.writeString(log, "appended\nand more\n", StandardOpenOption.APPEND);
      assertEquals("appended", output.readLine());
      assertEquals("and more", output.readLine());
      Files.writeString(log, "anew\n");
      assertEquals("anew", output.readLine());
      assertTrue(tail.isAlive());
    }
    assertTrue(Files.readString(errors).contains("the log was truncated"));
  }

  private static String errorsOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}

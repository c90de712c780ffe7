package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ReleasedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All examples are short, but for the file server, which serves what clients may ask for. */
@Tag("any-jdk")
class ExamplesTest {
  @Test
  void noneButTheFileServerIsLongerThan150Lines() throws IOException {
    try (Stream<Path> all = Files.walk(ReleasedFiles.sources().resolve("examples"))) {
      List<Path> examples = all.filter(Files::isRegularFile).toList();
      assertTrue(examples.size() >= 5, examples.toString());
      for (Path example : examples) {
        int lines = Files.readAllLines(example).size();
        int most = example.endsWith("FileServer.java") ? 600 : 150;
        assertTrue(lines < most, example + " has " + lines + " lines");
      }
    }
  }
}

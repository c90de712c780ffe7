package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory of Lucene over regions, of which an index is written and read. Lucene's classes are
 * those of JDK 21, so that the sources, in {@code tests/src/lucene}, are compiled by the child that
 * runs them (JEP 458). Without {@code jdk.incubator.vector}: by it Lucene adds up in another order
 * where a vector lies in a memory segment, so that MMapDirectory's scores are others by a rounding.
 */
class LuceneTest {
  private static final Path CASES = Path.of("tests/src/lucene/java/dev/sluice/tests/lucene");
  private static final int RUNS_SOURCES_SINCE = 22;

  @TempDir static Path index;

  @BeforeAll
  static void writeAnIndex() throws IOException, InterruptedException {
    assumeTrue(
        Runtime.version().feature() >= RUNS_SOURCES_SINCE,
        "needs JDK 22 or newer, which runs a program of several source files");
    System.out.print("Lucene writes " + run("write"));
  }

  @Test
  void checkIndexFindsNoFault() throws IOException, InterruptedException {
    run("check");
  }

  @Test
  void answersAreThoseOfMMapDirectory() throws IOException, InterruptedException {
    System.out.print("Lucene answers " + run("answers"));
  }

  @Test
  void closingASearcherUnderReadersIsAnAlreadyClosedException()
      throws IOException, InterruptedException {
    run("close searchers");
  }

  @Test
  void closingAnInputUnderReadersIsAnAlreadyClosedException()
      throws IOException, InterruptedException {
    run("close inputs");
  }

  private static String run(String name) throws IOException, InterruptedException {
    String lucene = System.getProperty("dev.sluice.tests.lucene");
    assumeTrue(lucene != null, "needs -Ddev.sluice.tests.lucene, the class path of Lucene");
    Path source = ReleasedFiles.sources().resolve(CASES).resolve("LuceneCases.java");
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.addAll(List.of("-Xcheck:jni", "-XX:-CreateCoredumpOnCrash"));
    command.add("--enable-native-access=ALL-UNNAMED");
    String internals = System.getProperty("dev.sluice.internals");
    if (internals != null) {
      command.add("-Ddev.sluice.internals=" + internals);
    }
    String classPath = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", classPath + File.pathSeparator + lucene));
    command.addAll(List.of(source.toString(), name, index.toString()));
    ChildJvm.Result result = ChildJvm.run(command);
    assertEquals(0, result.exit(), result::output);
    return result.output();
  }
}

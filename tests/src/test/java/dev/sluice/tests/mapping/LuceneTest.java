package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory of Lucene over regions, of which an index is written and read.
 *
 * <p>Lucene's classes are those of JDK 21, so that the JDK that runs the test compiles the sources,
 * which are in {@code tests/src/lucene}. The children run without {@code jdk.incubator.vector}: by
 * it Lucene adds up in another order where a vector lies in a memory segment, so that
 * MMapDirectory's scores are others by a rounding.
 */
@Tag("slow")
class LuceneTest {
  private static final Path CASES = Path.of("tests/src/lucene/java/dev/sluice/tests/lucene");
  private static final int FIRST_JDK = 22;

  @TempDir static Path index;
  @TempDir static Path classes;

  @BeforeAll
  static void writeAnIndex() throws IOException, InterruptedException {
    assumeTrue(
        Runtime.version().feature() >= FIRST_JDK,
        "needs JDK 22 or newer: Lucene's classes are those of JDK 21, where segments are a"
            + " preview");
    Tools.assumeCompiler();
    compile();
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

  /** Once for all children. */
  private static void compile() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/javac").toString()));
    command.addAll(List.of("-d", classes.toString(), "-cp", classPath()));
    try (Stream<Path> sources = Files.list(ReleasedFiles.sources().resolve(CASES))) {
      sources.map(Path::toString).sorted().forEach(command::add);
    }
    ChildJvm.Result result = ChildJvm.run(command);
    assertEquals(0, result.exit(), result::output);
  }

  private static String classPath() {
    String lucene = System.getProperty("dev.sluice.tests.lucene");
    assumeTrue(lucene != null, "needs -Ddev.sluice.tests.lucene, the class path of Lucene");
    return System.getProperty("java.class.path") + File.pathSeparator + lucene;
  }

  private static String run(String name) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.addAll(List.of("-Xcheck:jni", "-XX:-CreateCoredumpOnCrash"));
    command.add("--enable-native-access=ALL-UNNAMED");
    String internals = System.getProperty("dev.sluice.internals");
    if (internals != null) {
      command.add("-Ddev.sluice.internals=" + internals);
    }
    command.addAll(List.of("-cp", classPath() + File.pathSeparator + classes));
    command.addAll(List.of("dev.sluice.tests.lucene.LuceneCases", name, index.toString()));
    ChildJvm.Result result = ChildJvm.run(command);
    assertEquals(0, result.exit(), result::output);
    return result.output();
  }
}

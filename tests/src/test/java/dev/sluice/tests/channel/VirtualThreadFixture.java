package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.VirtualThreads;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Main classes whose virtual threads have few carriers, each in a JVM of its own. */
abstract class VirtualThreadFixture {
  @TempDir Path directory;

  @BeforeAll
  static void assumeVirtualThreads() {
    assumeTrue(VirtualThreads.ARE_THERE, "needs a JDK with virtual threads");
  }

  void run(int carriers, Class<?> main, String... options) throws Exception {
    ChildJvm.Result result = carriers(carriers).with(options).run(main, directory.toString());
    assertEquals(0, result.exit(), result.output());
  }

  static ChildJvm carriers(int carriers) {
    return new ChildJvm()
        .optimizing()
        .with("-Djdk.virtualThreadScheduler.parallelism=" + carriers)
        .with("-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers)
        .with("-ea");
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}

package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.internal.boundary.Machine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The library that is loaded was built for the processor that runs this JVM. */
@Tag("emulated")
class LoadedLibraryTest {
  private static final boolean IS_AARCH64 = System.getProperty("os.arch").equals("aarch64");

  @BeforeAll
  static void load() {
    Sluice.ensureAvailable();
  }

  @Test
  void itLiesInTheFolderOfThisProcessor() {
    String folder = IS_AARCH64 ? "linux-aarch_64" : "linux-x86_64";
    String told = Sluice.diagnostics();
    assertTrue(told.contains("META-INF/native/" + folder + "/"), told);
  }

  /** The bit is that of {@code O_DIRECTORY} on the other processor. */
  @Test
  void itTellsWhatDiffersBetweenProcessors() {
    Sluice.ensureAvailable();
    assertEquals(!IS_AARCH64, Machine.KEEPS_ORDER);
    assertEquals(IS_AARCH64 ? 0x10000 : 0x4000, Machine.O_DIRECT);
  }
}

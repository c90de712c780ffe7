package dev.sluice.tests.mapping;

import dev.sluice.tests.mapping.RegionRaceMain.Event;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that were written to a private region exist once. While its pages move, the old addresses
 * show the file: no reader takes those bytes for the region's.
 */
@Tag("both-guards")
@Tag("slow")
class PrivateResizeTest {
  @TempDir Path directory;

  @Test
  void nobodySeesTheBytesOfTheFileDuringAResize() throws Exception {
    RegionRaceTest.run(directory, Event.RESIZE, "PRIVATE", 50, List.of());
  }

  @Test
  void norInInterpretedCode() throws Exception {
    RegionRaceTest.run(directory, Event.RESIZE, "PRIVATE", 50, List.of("-Xint"));
  }

  @Test
  void nobodySeesThemWhileTheFirstBufferIsMade() throws Exception {
    RegionRaceTest.run(directory, Event.FIRST_BUFFER, "PRIVATE", 50, List.of());
  }

  @Test
  void norInCodeOfTheSecondCompilerAlone() throws Exception {
    List<String> options = List.of("-XX:-TieredCompilation", "-Xbatch");
    RegionRaceTest.run(directory, Event.FIRST_BUFFER, "PRIVATE", 50, options);
  }

  @Test
  void nobodySeesThemWhenItIsClosed() throws Exception {
    RegionRaceTest.run(directory, Event.CLOSE, "PRIVATE", 50, List.of());
  }
}

package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.Loops;
import dev.sluice.bench.report.MechanismResult.Sharing.Answer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of sharing answers both ways: it is no proof that says "shared" of everything. */
class SharingProofTest {
  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    Native.load();
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE_TO_SOCKET", "FILE_TO_UNIX", "FILE_TO_PIPE"})
  void sendfileAndSpliceGiveThePagesOfTheFile(Direction direction) throws Exception {
    assertEquals(Answer.SHARED, answer(direction, Loops.mechanismTransferTo(Mechanism.SENDFILE)));
    assertEquals(Answer.SHARED, answer(direction, Loops.mechanismTransferTo(Mechanism.SPLICE)));
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE_TO_SOCKET", "FILE_TO_UNIX", "FILE_TO_PIPE", "FILE_TO_FILE"})
  void readAndWriteGivesACopy(Direction direction) throws Exception {
    assertEquals(Answer.COPIED, answer(direction, Loops.bufferedTo()));
    assertEquals(Answer.COPIED, answer(direction, Loops.mechanismTransferTo(Mechanism.READ_WRITE)));
  }

  private Answer answer(Direction direction, Supplier<Loop> loops) throws Exception {
    Path file = CompareProcess.file(directory, 2 * SharingProof.BYTES);
    try (Specimen specimen = Specimen.of(file, directory);
        Route route = Route.open(direction, new Places(specimen.path(), directory, null))) {
      return SharingProof.answer(route, loops.get(), specimen);
    }
  }
}

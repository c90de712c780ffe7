package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.EmulatorLimits;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import dev.sluice.tests.support.TransferObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A file that is appended to itself gives what NIO gives; see {@link NioDifference}. */
@Tag("both-guards")
@Tag("emulated")
class OwnEndParityTest {
  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  /**
   * A file that is appended to itself grows meanwhile: only the bytes that it had at first are
   * moved.
   */
  @TestFactory
  Stream<DynamicTest> theSameFileOntoItsOwnEnd() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Implementation implementation : Implementation.besidesNio()) {
      for (long count : new long[] {ChannelKinds.SIZE, 1 << 20, Long.MAX_VALUE}) {
        tests.add(
            dynamicTest(
                implementation + " onto its own end, " + count,
                () -> {
                  EmulatorLimits.assumeServes(implementation);
                  NioDifference.assertSame(
                      "onto its own end",
                      ontoItsOwnEnd(Implementation.NIO, count),
                      ontoItsOwnEnd(implementation, count),
                      implementation.serves(ChannelKinds.TargetKind.FILE));
                }));
      }
    }
    return tests.stream();
  }

  private Outcome ontoItsOwnEnd(Implementation implementation, long count) throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("itself", TransferObserver.CONTENT);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      file.position(ChannelKinds.SIZE);
      return Outcome.of(
          () -> implementation.transferTo(file, 0, count, file),
          file,
          file,
          () -> Files.readAllBytes(path));
    }
  }
}

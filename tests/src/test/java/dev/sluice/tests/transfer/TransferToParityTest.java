package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.EmulatorLimits;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.TransferObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code transferTo} to every kind of target gives what NIO gives; see {@link NioDifference}. */
@Tag("both-guards")
@Tag("slow")
@Tag("emulated")
class TransferToParityTest {
  private static final long[] POSITIONS = {
    0, 1, 4095, ChannelKinds.SIZE - 1, ChannelKinds.SIZE, ChannelKinds.SIZE + 1, Long.MAX_VALUE
  };

  private static final long[] COUNTS = {
    0, 1, 4096, ChannelKinds.SIZE, ChannelKinds.SIZE + 10, Integer.MAX_VALUE + 1L, Long.MAX_VALUE
  };

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  @TestFactory
  Stream<DynamicTest> transferToGivesWhatNioGives() {
    TransferObserver observer = new TransferObserver(directory, directory);
    List<DynamicTest> tests = new ArrayList<>();
    for (ChannelKinds.TargetKind kind : ChannelKinds.TargetKind.values()) {
      for (Implementation implementation : Implementation.besidesNio()) {
        tests.add(
            dynamicTest(
                implementation + " to " + kind,
                () -> {
                  EmulatorLimits.assumeServes(implementation);
                  for (long position : POSITIONS) {
                    for (long count : COUNTS) {
                      String name = "to " + kind + " " + position + " " + count;
                      NioDifference.assertSame(
                          name,
                          observer.transferTo(Implementation.NIO, kind, position, count),
                          observer.transferTo(implementation, kind, position, count),
                          implementation.serves(kind));
                    }
                  }
                }));
      }
    }
    return tests.stream();
  }
}

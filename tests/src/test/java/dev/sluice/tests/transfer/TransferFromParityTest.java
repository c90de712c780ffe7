package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.EmulatorLimits;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.TransferObserver;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code transferFrom} from every kind of source gives what NIO gives; see {@link NioDifference}.
 */
@Tag("both-guards")
@Tag("emulated")
class TransferFromParityTest {
  private static final long[] COUNTS = {
    0, 1, 4096, ChannelKinds.SIZE, ChannelKinds.SIZE + 10, Integer.MAX_VALUE + 1L, Long.MAX_VALUE
  };
  private static final long[] FROM_POSITIONS = {0, 1, 4095, ChannelKinds.SIZE + 1};

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  @TestFactory
  Stream<DynamicTest> transferFromGivesWhatNioGives() {
    TransferObserver observer = new TransferObserver(directory, directory);
    List<DynamicTest> tests = new ArrayList<>();
    for (ChannelKinds.SourceKind kind : ChannelKinds.SourceKind.values()) {
      for (Implementation implementation : Implementation.besidesNio()) {
        tests.add(
            dynamicTest(
                implementation + " from " + kind,
                () -> {
                  EmulatorLimits.assumeServes(implementation);
                  for (long position : FROM_POSITIONS) {
                    for (long count : COUNTS) {
                      String name = "from " + kind + " " + position + " " + count;
                      NioDifference.assertSame(
                          name,
                          observer.transferFrom(Implementation.NIO, kind, position, count),
                          observer.transferFrom(implementation, kind, position, count),
                          implementation.serves(kind));
                    }
                  }
                }));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> aTargetPositionBeyondTheEndExtendsTheFile() {
    return Stream.of(ChannelKinds.SourceKind.values())
        .filter(kind -> kind != ChannelKinds.SourceKind.DATAGRAM && !kind.name().endsWith("EMPTY"))
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        Path path = channels.path("target", new byte[10]);
                        FileChannel file =
                            channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
                        ReadableByteChannel source =
                            channels.source(kind, TransferObserver.CONTENT);
                        assertEquals(
                            100, Implementation.SLUICE.transferFrom(file, source, 5000, 100));
                        int from = kind == ChannelKinds.SourceKind.FILE_IN_THE_MIDDLE ? 100 : 0;
                        byte[] expected = new byte[5100];
                        System.arraycopy(TransferObserver.CONTENT, from, expected, 5000, 100);
                        assertArrayEquals(expected, Files.readAllBytes(path));
                      }
                    }));
  }
}

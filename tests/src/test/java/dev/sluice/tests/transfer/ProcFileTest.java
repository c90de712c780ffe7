package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import dev.sluice.tests.support.TransferObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that have content although the kernel gives their size as 0. */
@Tag("both-guards")
class ProcFileTest {
  private static final Path FILE = Path.of("/proc/version");

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> theContentIsTransferred() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Implementation implementation :
        List.of(Implementation.SLUICE, Implementation.READ_WRITE)) {
      for (ChannelKinds.TargetKind kind : ChannelKinds.TargetKind.values()) {
        // Datagrams are left to NIO.
        if (implementation.serves(kind) && kind != ChannelKinds.TargetKind.DATAGRAM) {
          tests.add(dynamicTest(implementation + " to " + kind, () -> to(implementation, kind)));
        }
      }
      tests.add(dynamicTest(implementation + " from", () -> from(implementation)));
    }
    return tests.stream();
  }

  /** An exact mechanism runs or is refused: 0 is told at a true end only. */
  @TestFactory
  Stream<DynamicTest> noExactMechanismTellsAnEndThatIsNone() {
    return Stream.of("/proc/version", "/proc/self/status", "/dev/zero", "/sys/class/net/lo/mtu")
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(
            file ->
                Stream.of(Mechanism.values())
                    .map(
                        mechanism ->
                            dynamicTest(file + ", " + mechanism, () -> noEnd(file, mechanism))));
  }

  private void noEnd(Path file, Mechanism mechanism) throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel source = FileChannel.open(file);
        FileChannel into =
            FileChannel.open(channels.path("into", new byte[0]), ChannelKinds.readWrite())) {
      for (ChannelKinds.TargetKind kind : ChannelKinds.TargetKind.values()) {
        if (kind == ChannelKinds.TargetKind.DATAGRAM) {
          continue; // Left to NIO.
        }
        WritableByteChannel target = channels.target(kind).channel();
        for (long position : new long[] {0, 3}) {
          assertMovedOrRefused(
              position + " to " + kind, () -> mechanism.transferTo(source, position, 1, target));
        }
      }
      assertMovedOrRefused("from", () -> mechanism.transferFrom(into, source, 0, 5));
      source.position(0);
      assertMovedOrRefused("at its own position", () -> mechanism.transfer(source, into, 5));
    }
  }

  private interface Move {
    long run() throws IOException;
  }

  private static void assertMovedOrRefused(String name, Move move) throws IOException {
    try {
      assertNotEquals(0, move.run(), name);
    } catch (UnsupportedMechanismException e) {
      assertNotEquals("", e.errno(), name);
    }
  }

  private void to(Implementation implementation, ChannelKinds.TargetKind kind) throws IOException {
    TransferObserver observer = new TransferObserver(directory, directory);
    String name = "to " + kind + " of /proc/version";
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel source = FileChannel.open(FILE)) {
      Outcome nio =
          observer.transferTo(Implementation.NIO, source, 0, Long.MAX_VALUE, channels.target(kind));
      ChannelKinds.Target target = channels.target(kind);
      byte[][] arrived = new byte[1][];
      Outcome sluice =
          Outcome.of(
              () -> implementation.transferTo(source, 0, Long.MAX_VALUE, target.channel()),
              source,
              target.channel(),
              () -> arrived[0] = target.arrived().bytes());
      NioDifference.assertSame(name, nio, sluice, true, implementation.toString());
      assertArrayEquals(Files.readAllBytes(FILE), withoutWhatWasThere(kind, arrived[0]), name);
    }
  }

  private static byte[] withoutWhatWasThere(ChannelKinds.TargetKind kind, byte[] bytes) {
    int before =
        switch (kind) {
          case FILE_IN_THE_MIDDLE -> 100;
          case APPEND -> 50;
          default -> 0;
        };
    return Arrays.copyOfRange(bytes, before, bytes.length);
  }

  private void from(Implementation implementation) throws IOException {
    TransferObserver observer = new TransferObserver(directory, directory);
    try (FileChannel one = FileChannel.open(FILE);
        FileChannel other = FileChannel.open(FILE)) {
      NioDifference.assertSame(
          "from /proc/version",
          observer.transferFrom(Implementation.NIO, one, 0, Long.MAX_VALUE),
          observer.transferFrom(implementation, other, 0, Long.MAX_VALUE),
          true,
          implementation.toString());
    }
  }
}

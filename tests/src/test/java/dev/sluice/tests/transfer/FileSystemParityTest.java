package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import dev.sluice.tests.support.TransferObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bodies of {@link TransferToParityTest} and {@link TransferFromParityTest} with its files on
 * other file systems, and on two at a time: fewer ranges, every mechanism, every kind.
 */
@Tag("both-guards")
@Tag("slow")
class FileSystemParityTest {
  private static final long[] POSITIONS = {0, 4095, ChannelKinds.SIZE - 1, ChannelKinds.SIZE + 1};
  private static final long[] COUNTS = {1, 4096, Long.MAX_VALUE};

  /** Kinds that hold a file; the others have nothing to do with where the target files lie. */
  private static final Set<ChannelKinds.TargetKind> FILES =
      EnumSet.of(
          ChannelKinds.TargetKind.FILE,
          ChannelKinds.TargetKind.FILE_IN_THE_MIDDLE,
          ChannelKinds.TargetKind.APPEND,
          ChannelKinds.TargetKind.FOREIGN_FILE);

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  /** Where the sources lie, and where the targets. */
  static Stream<Arguments> stores() {
    return Stream.of(
        Arguments.of(FileSystemKind.TMPFS, FileSystemKind.TMPFS),
        Arguments.of(FileSystemKind.XFS, FileSystemKind.XFS),
        Arguments.of(FileSystemKind.BTRFS, FileSystemKind.BTRFS),
        Arguments.of(FileSystemKind.TEMPORARY, FileSystemKind.TMPFS),
        Arguments.of(FileSystemKind.TMPFS, FileSystemKind.TEMPORARY),
        Arguments.of(FileSystemKind.XFS, FileSystemKind.BTRFS));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void transferToGivesWhatNioGives(FileSystemKind sources, FileSystemKind targets)
      throws Exception {
    run(sources, targets, this::everyTransferTo);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void transferFromGivesWhatNioGives(FileSystemKind sources, FileSystemKind targets)
      throws Exception {
    run(sources, targets, this::everyTransferFrom);
  }

  private interface Body {
    void run(TransferObserver observer, Served served) throws IOException;
  }

  private void run(FileSystemKind sources, FileSystemKind targets, Body body) throws Exception {
    try (FileSystemKind.Place from = sources.in(directory)) {
      if (sources == targets) {
        body.run(
            new TransferObserver(from.folder(), from.folder()), new Served(false, sources.shares));
      } else {
        try (FileSystemKind.Place to = targets.in(directory)) {
          body.run(new TransferObserver(from.folder(), to.folder()), new Served(true, false));
        }
      }
    }
  }

  private void everyTransferTo(TransferObserver observer, Served served) throws IOException {
    for (ChannelKinds.TargetKind kind :
        served.crosses ? FILES : EnumSet.allOf(ChannelKinds.TargetKind.class)) {
      for (long position : POSITIONS) {
        for (long count : COUNTS) {
          String name = "to " + kind + " " + position + " " + count;
          Outcome nio = observer.transferTo(Implementation.NIO, kind, position, count);
          for (Implementation implementation : Implementation.besidesNio()) {
            Outcome sluice = observer.transferTo(implementation, kind, position, count);
            served.assertSame(implementation, name, nio, sluice, implementation.serves(kind));
          }
        }
      }
    }
    served.assertShared(Set.of("to FILE 0 " + Long.MAX_VALUE));
  }

  private void everyTransferFrom(TransferObserver observer, Served served) throws IOException {
    for (ChannelKinds.SourceKind kind : ChannelKinds.SourceKind.values()) {
      for (long position : POSITIONS) {
        for (long count : COUNTS) {
          String name = "from " + kind + " " + position + " " + count;
          Outcome nio = wholeTransferFrom(observer, kind, position, count);
          for (Implementation implementation : Implementation.besidesNio()) {
            Outcome sluice = observer.transferFrom(implementation, kind, position, count);
            served.assertSame(implementation, name, nio, sluice, implementation.serves(kind));
          }
        }
      }
    }
    served.assertShared(Set.of("from FILE 0 4096"));
  }

  /**
   * What NIO gives, at last: JDK 21 and newer return after one {@code copy_file_range(2)}, which
   * shares whole blocks and leaves the rest of the range to the next call. Sluice makes that call.
   */
  private Outcome wholeTransferFrom(
      TransferObserver observer, ChannelKinds.SourceKind kind, long position, long count)
      throws IOException {
    Outcome nio = observer.transferFrom(Implementation.NIO, kind, position, count);
    boolean isFile =
        kind == ChannelKinds.SourceKind.FILE || kind == ChannelKinds.SourceKind.FILE_IN_THE_MIDDLE;
    if (!isFile || Runtime.version().feature() < 21) {
      return nio;
    }
    TransferObserver elsewhere = new TransferObserver(directory, directory);
    Outcome whole = elsewhere.transferFrom(Implementation.NIO, kind, position, count);
    return Long.parseLong(nio.result()) < Long.parseLong(whole.result()) ? whole : nio;
  }

  /** What a pair of file systems takes away from what a mechanism serves, or adds. */
  private static final class Served {
    private final boolean crosses;
    private final boolean shares;
    private final Set<String> shared = new TreeSet<>();

    Served(boolean crosses, boolean shares) {
      this.crosses = crosses;
      this.shares = shares;
    }

    void assertSame(
        Implementation implementation,
        String name,
        Outcome nio,
        Outcome sluice,
        boolean servesElsewhere) {
      boolean serves = servesElsewhere;
      if (implementation == Implementation.COPY_FILE_RANGE && crosses) {
        serves = false;
      }
      if (implementation == Implementation.REFLINK && shares) {
        serves = !sluice.result().equals(Outcome.UNSUPPORTED);
        if (serves && !sluice.result().equals("0")) {
          shared.add(name);
        }
      }
      NioDifference.assertSame(name, nio, sluice, serves, implementation.toString());
    }

    /** Whole blocks and whole files are what REFLINK is for. */
    void assertShared(Set<String> names) {
      if (shares) {
        TreeSet<String> expected = new TreeSet<>(names);
        expected.retainAll(shared);
        assertEquals(names, expected, () -> "shared: " + shared);
      }
    }
  }
}

package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
 * The body of {@link ParityTest} with its files on other file systems, and on two at a time: fewer
 * ranges, every mechanism, every kind.
 */
@Tag("both-guards")
class FileSystemParityTest {
  private static final long[] POSITIONS = {0, 4095, Ends.SIZE - 1, Ends.SIZE + 1};
  private static final long[] COUNTS = {1, 4096, Long.MAX_VALUE};

  /** Kinds that hold a file; the others have nothing to do with where the target files lie. */
  private static final Set<Ends.TargetKind> FILES =
      EnumSet.of(
          Ends.TargetKind.FILE,
          Ends.TargetKind.FILE_IN_THE_MIDDLE,
          Ends.TargetKind.APPEND,
          Ends.TargetKind.FOREIGN_FILE);

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  /** Where the sources lie, and where the targets. */
  static Stream<Arguments> stores() {
    return Stream.of(
        Arguments.of(Store.TMPFS, Store.TMPFS),
        Arguments.of(Store.XFS, Store.XFS),
        Arguments.of(Store.BTRFS, Store.BTRFS),
        Arguments.of(Store.TEMPORARY, Store.TMPFS),
        Arguments.of(Store.TMPFS, Store.TEMPORARY),
        Arguments.of(Store.XFS, Store.BTRFS));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void transferToGivesWhatNioGives(Store sources, Store targets) throws Exception {
    run(sources, targets, this::everyTransferTo);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void transferFromGivesWhatNioGives(Store sources, Store targets) throws Exception {
    run(sources, targets, this::everyTransferFrom);
  }

  private interface Body {
    void run(Parity parity, Served served) throws IOException;
  }

  private void run(Store sources, Store targets, Body body) throws Exception {
    try (Store.Place from = sources.in(directory)) {
      if (sources == targets) {
        body.run(new Parity(from.folder(), from.folder()), new Served(false, sources.shares));
      } else {
        try (Store.Place to = targets.in(directory)) {
          body.run(new Parity(from.folder(), to.folder()), new Served(true, false));
        }
      }
    }
  }

  private void everyTransferTo(Parity parity, Served served) throws IOException {
    for (Ends.TargetKind kind : served.crosses ? FILES : EnumSet.allOf(Ends.TargetKind.class)) {
      for (long position : POSITIONS) {
        for (long count : COUNTS) {
          String name = "to " + kind + " " + position + " " + count;
          Outcome nio = parity.transferTo(Subject.NIO, kind, position, count);
          for (Subject subject : Subject.besidesNio()) {
            Outcome sluice = parity.transferTo(subject, kind, position, count);
            served.assertSame(subject, name, nio, sluice, subject.serves(kind));
          }
        }
      }
    }
    served.assertShared(Set.of("to FILE 0 " + Long.MAX_VALUE));
  }

  private void everyTransferFrom(Parity parity, Served served) throws IOException {
    for (Ends.SourceKind kind : Ends.SourceKind.values()) {
      for (long position : POSITIONS) {
        for (long count : COUNTS) {
          String name = "from " + kind + " " + position + " " + count;
          Outcome nio = wholeTransferFrom(parity, kind, position, count);
          for (Subject subject : Subject.besidesNio()) {
            Outcome sluice = parity.transferFrom(subject, kind, position, count);
            served.assertSame(subject, name, nio, sluice, subject.serves(kind));
          }
        }
      }
    }
    served.assertShared(Set.of("from FILE 0 4096"));
  }

  /**
   * What NIO gives, at last: JDK 25 returns after one {@code copy_file_range(2)}, which shares
   * whole blocks and leaves the rest of the range to the next call. Sluice makes that call.
   */
  private Outcome wholeTransferFrom(Parity parity, Ends.SourceKind kind, long position, long count)
      throws IOException {
    Outcome nio = parity.transferFrom(Subject.NIO, kind, position, count);
    boolean isFile = kind == Ends.SourceKind.FILE || kind == Ends.SourceKind.FILE_IN_THE_MIDDLE;
    if (!isFile || Runtime.version().feature() < 25) {
      return nio;
    }
    Parity elsewhere = new Parity(directory, directory);
    Outcome whole = elsewhere.transferFrom(Subject.NIO, kind, position, count);
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
        Subject subject, String name, Outcome nio, Outcome sluice, boolean servesElsewhere) {
      boolean serves = servesElsewhere;
      if (subject == Subject.COPY_FILE_RANGE && crosses) {
        serves = false;
      }
      if (subject == Subject.REFLINK && shares) {
        serves = !sluice.result().equals(Outcome.UNSUPPORTED);
        if (serves && !sluice.result().equals("0")) {
          shared.add(name);
        }
      }
      Difference.assertSame(name, nio, sluice, serves, subject.toString());
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

package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One body of cases over NIO and over Sluice: the same result, bytes, positions, open channels and
 * class of exception. Where NIO's own releases differ, or it serves less than it could, {@link
 * Difference} says so by name.
 */
@Tag("both-guards")
class ParityTest {
  private static final long[] POSITIONS = {
    0, 1, 4095, Ends.SIZE - 1, Ends.SIZE, Ends.SIZE + 1, Long.MAX_VALUE
  };

  private static final long[] COUNTS = {
    0, 1, 4096, Ends.SIZE, Ends.SIZE + 10, Integer.MAX_VALUE + 1L, Long.MAX_VALUE
  };

  private static final long[] FROM_POSITIONS = {0, 1, 4095, Ends.SIZE + 1};

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  @TestFactory
  Stream<DynamicTest> transferToGivesWhatNioGives() {
    Parity parity = new Parity(directory, directory);
    List<DynamicTest> tests = new ArrayList<>();
    for (Ends.TargetKind kind : Ends.TargetKind.values()) {
      for (Subject subject : Subject.besidesNio()) {
        tests.add(
            dynamicTest(
                subject + " to " + kind,
                () -> {
                  for (long position : POSITIONS) {
                    for (long count : COUNTS) {
                      String name = "to " + kind + " " + position + " " + count;
                      Difference.assertSame(
                          name,
                          parity.transferTo(Subject.NIO, kind, position, count),
                          parity.transferTo(subject, kind, position, count),
                          subject.serves(kind));
                    }
                  }
                }));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> transferFromGivesWhatNioGives() {
    Parity parity = new Parity(directory, directory);
    List<DynamicTest> tests = new ArrayList<>();
    for (Ends.SourceKind kind : Ends.SourceKind.values()) {
      for (Subject subject : Subject.besidesNio()) {
        tests.add(
            dynamicTest(
                subject + " from " + kind,
                () -> {
                  for (long position : FROM_POSITIONS) {
                    for (long count : COUNTS) {
                      String name = "from " + kind + " " + position + " " + count;
                      Difference.assertSame(
                          name,
                          parity.transferFrom(Subject.NIO, kind, position, count),
                          parity.transferFrom(subject, kind, position, count),
                          subject.serves(kind));
                    }
                  }
                }));
      }
    }
    return tests.stream();
  }

  /** States in which nothing may be moved, alone and together: the order of checks is NIO's. */
  private enum Bad {
    CLOSED_FILE,
    CLOSED_OTHER,
    NULL_OTHER,
    WRONG_DIRECTION_OF_FILE,
    WRONG_DIRECTION_OF_OTHER,
    NEGATIVE_POSITION,
    NEGATIVE_COUNT,
    INTERRUPTED
  }

  @TestFactory
  Stream<DynamicTest> badArgumentsGiveNiosExceptionsInNiosOrder() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Subject subject : Subject.besidesNio()) {
      for (Bad first : Bad.values()) {
        for (Bad second : Bad.values()) {
          if (second.compareTo(first) >= 0) {
            String name = first + " and " + second;
            tests.add(
                dynamicTest(
                    subject + " to, " + name,
                    () ->
                        Difference.assertSame(
                            "to " + name,
                            badTransferTo(Subject.NIO, first, second),
                            badTransferTo(subject, first, second),
                            subject.serves(Ends.TargetKind.FILE))));
            tests.add(
                dynamicTest(
                    subject + " from, " + name,
                    () ->
                        Difference.assertSame(
                            "from " + name,
                            badTransferFrom(Subject.NIO, first, second),
                            badTransferFrom(subject, first, second),
                            subject.serves(Ends.SourceKind.FILE))));
          }
        }
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> socketsThatCannotBeUsedGiveNiosExceptions() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Subject subject : List.of(Subject.SLUICE, Subject.READ_WRITE)) {
      for (boolean connected : new boolean[] {false, true}) {
        String state = connected ? "shut down" : "not connected";
        tests.add(
            dynamicTest(
                subject + " to a socket that is " + state,
                () ->
                    Difference.assertSame(
                        "to a socket that is " + state,
                        toUnusableSocket(Subject.NIO, connected),
                        toUnusableSocket(subject, connected),
                        true)));
        tests.add(
            dynamicTest(
                subject + " from a socket that is " + state,
                () ->
                    Difference.assertSame(
                        "from a socket that is " + state,
                        fromUnusableSocket(Subject.NIO, connected),
                        fromUnusableSocket(subject, connected),
                        true)));
      }
    }
    return tests.stream();
  }

  /** A file that is appended to itself has more at each look: what it had at first is moved. */
  @TestFactory
  Stream<DynamicTest> theSameFileOntoItsOwnEnd() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Subject subject : Subject.besidesNio()) {
      for (long count : new long[] {Ends.SIZE, 1 << 20, Long.MAX_VALUE}) {
        tests.add(
            dynamicTest(
                subject + " onto its own end, " + count,
                () ->
                    Difference.assertSame(
                        "onto its own end",
                        ontoItsOwnEnd(Subject.NIO, count),
                        ontoItsOwnEnd(subject, count),
                        subject.serves(Ends.TargetKind.FILE))));
      }
    }
    return tests.stream();
  }

  private Outcome ontoItsOwnEnd(Subject subject, long count) throws IOException {
    try (Ends ends = new Ends(directory)) {
      Path path = ends.path("itself", Parity.CONTENT);
      FileChannel file = ends.keep(FileChannel.open(path, Ends.readWrite()));
      file.position(Ends.SIZE);
      return Outcome.of(
          () -> subject.transferTo(file, 0, count, file),
          file,
          file,
          () -> Files.readAllBytes(path));
    }
  }

  private Outcome badTransferTo(Subject subject, Bad first, Bad second) throws IOException {
    List<Bad> bad = List.of(first, second);
    try (Ends ends = new Ends(directory)) {
      FileChannel source =
          ends.keep(
              FileChannel.open(
                  ends.path("source", Parity.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_FILE)
                      ? StandardOpenOption.WRITE
                      : StandardOpenOption.READ));
      FileChannel target =
          ends.keep(
              FileChannel.open(
                  ends.path("target", new byte[0]),
                  bad.contains(Bad.WRONG_DIRECTION_OF_OTHER)
                      ? StandardOpenOption.READ
                      : StandardOpenOption.WRITE));
      prepare(bad, source, target);
      WritableByteChannel given = bad.contains(Bad.NULL_OTHER) ? null : target;
      return Outcome.of(
          () -> subject.transferTo(source, position(bad), count(bad), given),
          source,
          given,
          () -> new byte[0]);
    }
  }

  private Outcome badTransferFrom(Subject subject, Bad first, Bad second) throws IOException {
    List<Bad> bad = List.of(first, second);
    try (Ends ends = new Ends(directory)) {
      FileChannel target =
          ends.keep(
              FileChannel.open(
                  ends.path("target", Parity.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_FILE)
                      ? StandardOpenOption.READ
                      : StandardOpenOption.WRITE));
      FileChannel source =
          ends.keep(
              FileChannel.open(
                  ends.path("source", Parity.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_OTHER)
                      ? StandardOpenOption.WRITE
                      : StandardOpenOption.READ));
      prepare(bad, target, source);
      ReadableByteChannel given = bad.contains(Bad.NULL_OTHER) ? null : source;
      return Outcome.of(
          () -> subject.transferFrom(target, given, position(bad), count(bad)),
          given,
          target,
          () -> new byte[0]);
    }
  }

  private static void prepare(List<Bad> bad, Channel file, Channel other) throws IOException {
    if (bad.contains(Bad.CLOSED_FILE)) {
      file.close();
    }
    if (bad.contains(Bad.CLOSED_OTHER)) {
      other.close();
    }
    if (bad.contains(Bad.INTERRUPTED)) {
      Thread.currentThread().interrupt();
    }
  }

  private static long position(List<Bad> bad) {
    return bad.contains(Bad.NEGATIVE_POSITION) ? -1 : 0;
  }

  private static long count(List<Bad> bad) {
    return bad.contains(Bad.NEGATIVE_COUNT) ? -1 : 100;
  }

  private Outcome toUnusableSocket(Subject subject, boolean connected) throws IOException {
    try (Ends ends = new Ends(directory)) {
      FileChannel source = ends.keep(FileChannel.open(ends.path("source", Parity.CONTENT)));
      SocketChannel socket =
          connected ? ends.tcp()[0].shutdownOutput() : ends.keep(SocketChannel.open());
      return Outcome.of(
          () -> subject.transferTo(source, 0, 100, socket), source, socket, () -> new byte[0]);
    }
  }

  private Outcome fromUnusableSocket(Subject subject, boolean connected) throws IOException {
    try (Ends ends = new Ends(directory)) {
      Ends.Target target = ends.target(Ends.TargetKind.FILE);
      FileChannel file = (FileChannel) target.channel();
      SocketChannel socket =
          connected ? ends.tcp()[0].shutdownInput() : ends.keep(SocketChannel.open());
      return Outcome.of(
          () -> subject.transferFrom(file, socket, 0, 100), socket, file, target.arrived());
    }
  }

  @TestFactory
  Stream<DynamicTest> aTargetPositionBeyondTheEndExtendsTheFile() {
    return Stream.of(Ends.SourceKind.values())
        .filter(kind -> kind != Ends.SourceKind.DATAGRAM && !kind.name().endsWith("EMPTY"))
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (Ends ends = new Ends(directory)) {
                        Path path = ends.path("target", new byte[10]);
                        FileChannel file = ends.keep(FileChannel.open(path, Ends.readWrite()));
                        ReadableByteChannel source = ends.source(kind, Parity.CONTENT);
                        assertEquals(100, Subject.SLUICE.transferFrom(file, source, 5000, 100));
                        int from = kind == Ends.SourceKind.FILE_IN_THE_MIDDLE ? 100 : 0;
                        byte[] expected = new byte[5100];
                        System.arraycopy(Parity.CONTENT, from, expected, 5000, 100);
                        assertArrayEquals(expected, Files.readAllBytes(path));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aNullReceiverIsANullPointerException() {
    return Subject.besidesNio().stream()
        .map(
            subject ->
                dynamicTest(
                    subject.name(),
                    () -> {
                      Outcome outcome =
                          Outcome.of(
                              () -> subject.transferTo(null, 0, 1, null),
                              null,
                              null,
                              () -> new byte[0]);
                      assertEquals(NullPointerException.class.getName(), outcome.result());
                    }));
  }
}

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.FolderWithoutSharing;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.Outcome;
import dev.sluice.tests.support.TransferObserver;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
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
 * Arguments and channels that NIO refuses are refused by the same exception, in the order of NIO's
 * checks.
 */
@Tag("both-guards")
@Tag("emulated")
class RefusedArgumentsParityTest {
  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

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
    for (Implementation implementation : Implementation.besidesNio()) {
      for (Bad first : Bad.values()) {
        for (Bad second : Bad.values()) {
          if (second.compareTo(first) >= 0) {
            String name = first + " and " + second;
            tests.add(
                dynamicTest(
                    implementation + " to, " + name,
                    () ->
                        NioDifference.assertSame(
                            "to " + name,
                            badTransferTo(Implementation.NIO, first, second),
                            badTransferTo(implementation, first, second),
                            implementation.serves(ChannelKinds.TargetKind.FILE))));
            tests.add(
                dynamicTest(
                    implementation + " from, " + name,
                    () ->
                        NioDifference.assertSame(
                            "from " + name,
                            badTransferFrom(Implementation.NIO, first, second),
                            badTransferFrom(implementation, first, second),
                            implementation.serves(ChannelKinds.SourceKind.FILE))));
          }
        }
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> socketsThatCannotBeUsedGiveNiosExceptions() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Implementation implementation :
        List.of(Implementation.SLUICE, Implementation.READ_WRITE)) {
      for (boolean connected : new boolean[] {false, true}) {
        String state = connected ? "shut down" : "not connected";
        tests.add(
            dynamicTest(
                implementation + " to a socket that is " + state,
                () ->
                    NioDifference.assertSame(
                        "to a socket that is " + state,
                        toUnusableSocket(Implementation.NIO, connected),
                        toUnusableSocket(implementation, connected),
                        true)));
        tests.add(
            dynamicTest(
                implementation + " from a socket that is " + state,
                () ->
                    NioDifference.assertSame(
                        "from a socket that is " + state,
                        fromUnusableSocket(Implementation.NIO, connected),
                        fromUnusableSocket(implementation, connected),
                        true)));
      }
    }
    return tests.stream();
  }

  private Outcome badTransferTo(Implementation implementation, Bad first, Bad second)
      throws IOException {
    List<Bad> bad = List.of(first, second);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source =
          channels.keep(
              FileChannel.open(
                  channels.path("source", TransferObserver.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_FILE)
                      ? StandardOpenOption.WRITE
                      : StandardOpenOption.READ));
      FileChannel target =
          channels.keep(
              FileChannel.open(
                  channels.path("target", new byte[0]),
                  bad.contains(Bad.WRONG_DIRECTION_OF_OTHER)
                      ? StandardOpenOption.READ
                      : StandardOpenOption.WRITE));
      prepare(bad, source, target);
      WritableByteChannel given = bad.contains(Bad.NULL_OTHER) ? null : target;
      return Outcome.of(
          () -> implementation.transferTo(source, position(bad), count(bad), given),
          source,
          given,
          () -> new byte[0]);
    }
  }

  private Outcome badTransferFrom(Implementation implementation, Bad first, Bad second)
      throws IOException {
    List<Bad> bad = List.of(first, second);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel target =
          channels.keep(
              FileChannel.open(
                  channels.path("target", TransferObserver.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_FILE)
                      ? StandardOpenOption.READ
                      : StandardOpenOption.WRITE));
      FileChannel source =
          channels.keep(
              FileChannel.open(
                  channels.path("source", TransferObserver.CONTENT),
                  bad.contains(Bad.WRONG_DIRECTION_OF_OTHER)
                      ? StandardOpenOption.WRITE
                      : StandardOpenOption.READ));
      prepare(bad, target, source);
      ReadableByteChannel given = bad.contains(Bad.NULL_OTHER) ? null : source;
      return Outcome.of(
          () -> implementation.transferFrom(target, given, position(bad), count(bad)),
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

  private Outcome toUnusableSocket(Implementation implementation, boolean connected)
      throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source =
          channels.keep(FileChannel.open(channels.path("source", TransferObserver.CONTENT)));
      SocketChannel socket =
          connected ? channels.tcp()[0].shutdownOutput() : channels.keep(SocketChannel.open());
      return Outcome.of(
          () -> implementation.transferTo(source, 0, 100, socket),
          source,
          socket,
          () -> new byte[0]);
    }
  }

  private Outcome fromUnusableSocket(Implementation implementation, boolean connected)
      throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      ChannelKinds.Target target = channels.target(ChannelKinds.TargetKind.FILE);
      FileChannel file = (FileChannel) target.channel();
      SocketChannel socket =
          connected ? channels.tcp()[0].shutdownInput() : channels.keep(SocketChannel.open());
      return Outcome.of(
          () -> implementation.transferFrom(file, socket, 0, 100), socket, file, target.arrived());
    }
  }

  @TestFactory
  Stream<DynamicTest> aNullReceiverIsANullPointerException() {
    return Implementation.besidesNio().stream()
        .map(
            implementation ->
                dynamicTest(
                    implementation.name(),
                    () -> {
                      Outcome outcome =
                          Outcome.of(
                              () -> implementation.transferTo(null, 0, 1, null),
                              null,
                              null,
                              () -> new byte[0]);
                      assertEquals(NullPointerException.class.getName(), outcome.result());
                    }));
  }
}

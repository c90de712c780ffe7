package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A peer that goes away by a reset, in the middle: what is told is true, and the next call fails.
 */
@Tag("both-guards")
class ResetPeerTest {
  private static final int MIB = 1 << 20;
  private static final byte[] CONTENT = new byte[24 * MIB];

  static {
    new Random(10).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** The peer that receives goes. */
  @TestFactory
  Stream<DynamicTest> noLessIsToldThanThePeerReceived() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Route.Kind kind : List.of(Route.Kind.FILE, Route.Kind.SOCKET, Route.Kind.PIPE)) {
      Route route = new Route(kind, Route.Kind.SOCKET, false);
      for (Mechanism mechanism : Mechanism.values()) {
        if (route.isServedBy(mechanism)) {
          tests.add(dynamicTest(mechanism + " from " + kind, () -> receiverGoes(mechanism, route)));
        }
      }
    }
    return tests.stream();
  }

  private void receiverGoes(Mechanism mechanism, Route route) throws Exception {
    try (Ends ends = new Ends(directory)) {
      ReadableByteChannel source = route.source(ends, CONTENT);
      SocketChannel[] pair = ends.tcp();
      Route.Opened opened = new Route.Opened(route, source, pair[0], () -> null);
      FutureTask<Told> sender =
          Route.started(() -> Told.by(() -> opened.move(mechanism, 0, CONTENT.length)));
      ByteBuffer received = ByteBuffer.allocate(MIB);
      while (received.hasRemaining()) {
        pair[1].read(received);
      }
      reset(pair[1]);
      Told told = sender.get();
      assertTrue(told.stored() >= MIB && told.stored() < CONTENT.length, told.toString());
      assertArrayEquals(Arrays.copyOf(CONTENT, MIB), received.array());
      assertEquals(told.lost() > 0, !told.failure().isEmpty(), told.toString());
      assertThrows(
          IOException.class, () -> mechanism.transfer(anyFile(ends), pair[0], 1), "the next call");
      if (route.source() != Route.Kind.FILE) {
        told.assertAccountsFor(CONTENT.length, Route.drain(source).length);
      }
    }
  }

  /** The peer that sends goes, with its last bytes perhaps: the kernel drops what was not read. */
  @TestFactory
  Stream<DynamicTest> whatWasReadBeforeTheResetIsStoredAndCounted() {
    return Stream.of(Mechanism.AUTO, Mechanism.READ_WRITE, Mechanism.SPLICE, Mechanism.DIRECT_IO)
        .map(mechanism -> dynamicTest(mechanism.toString(), () -> senderGoes(mechanism)));
  }

  private void senderGoes(Mechanism mechanism) throws Exception {
    try (Ends ends = new Ends(directory)) {
      SocketChannel[] pair = ends.tcp();
      Path path = ends.path("target", new byte[0]);
      FileChannel file = ends.keep(FileChannel.open(path, Ends.readWrite()));
      FutureTask<Told> receiver =
          Route.started(
              () -> Told.by(() -> mechanism.transferFrom(file, pair[1], 0, Long.MAX_VALUE)));
      ByteBuffer sent = ByteBuffer.wrap(CONTENT, 0, 8 * MIB);
      while (sent.hasRemaining()) {
        pair[0].write(sent);
      }
      reset(pair[0]);
      Told told = receiver.get();
      assertEquals(0, told.lost(), told.toString());
      assertEquals(told.stored(), file.size());
      assertNotEquals(0, told.stored());
      assertArrayEquals(Arrays.copyOf(CONTENT, (int) told.stored()), Files.readAllBytes(path));
    }
  }

  private static void reset(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  private static FileChannel anyFile(Ends ends) throws IOException {
    return ends.keep(FileChannel.open(ends.path("any", new byte[8192])));
  }
}

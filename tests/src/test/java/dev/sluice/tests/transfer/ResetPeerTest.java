package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.TransferResult;
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
 * A peer goes away by a reset in the middle of a transfer: the result is true, and the next call
 * fails.
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
    for (ChannelPair.Kind kind :
        List.of(ChannelPair.Kind.FILE, ChannelPair.Kind.SOCKET, ChannelPair.Kind.PIPE)) {
      ChannelPair route = new ChannelPair(kind, ChannelPair.Kind.SOCKET, false);
      for (Mechanism mechanism : Mechanism.values()) {
        if (route.isServedBy(mechanism)) {
          tests.add(dynamicTest(mechanism + " from " + kind, () -> receiverGoes(mechanism, route)));
        }
      }
    }
    return tests.stream();
  }

  private void receiverGoes(Mechanism mechanism, ChannelPair route) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      ReadableByteChannel source = route.source(channels, CONTENT);
      SocketChannel[] pair = channels.tcp();
      ChannelPair.Opened opened = new ChannelPair.Opened(route, source, pair[0], () -> null);
      FutureTask<TransferResult> sender =
          ChannelPair.started(
              () -> TransferResult.by(() -> opened.move(mechanism, 0, CONTENT.length)));
      ByteBuffer received = ByteBuffer.allocate(MIB);
      while (received.hasRemaining()) {
        pair[1].read(received);
      }
      reset(pair[1]);
      TransferResult told = sender.get();
      assertTrue(told.stored() >= MIB && told.stored() < CONTENT.length, told.toString());
      assertArrayEquals(Arrays.copyOf(CONTENT, MIB), received.array());
      assertEquals(told.lost() > 0, !told.failure().isEmpty(), told.toString());
      assertThrows(
          IOException.class,
          () -> mechanism.transfer(anyFile(channels), pair[0], 1),
          "the next call");
      if (route.source() != ChannelPair.Kind.FILE) {
        told.assertAccountsFor(CONTENT.length, ChannelPair.drain(source).length);
      }
    }
  }

  /**
   * The sending peer goes, perhaps with its last bytes: the kernel drops the bytes that were not
   * read.
   */
  @TestFactory
  Stream<DynamicTest> whatWasReadBeforeTheResetIsStoredAndCounted() {
    return Stream.of(Mechanism.AUTO, Mechanism.READ_WRITE, Mechanism.SPLICE, Mechanism.DIRECT_IO)
        .map(mechanism -> dynamicTest(mechanism.toString(), () -> senderGoes(mechanism)));
  }

  private void senderGoes(Mechanism mechanism) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      Path path = channels.path("target", new byte[0]);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      FutureTask<TransferResult> receiver =
          ChannelPair.started(
              () ->
                  TransferResult.by(
                      () -> mechanism.transferFrom(file, pair[1], 0, Long.MAX_VALUE)));
      ByteBuffer sent = ByteBuffer.wrap(CONTENT, 0, 8 * MIB);
      while (sent.hasRemaining()) {
        pair[0].write(sent);
      }
      reset(pair[0]);
      TransferResult told = receiver.get();
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

  private static FileChannel anyFile(ChannelKinds channels) throws IOException {
    return channels.keep(FileChannel.open(channels.path("any", new byte[8192])));
  }
}

package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.TransferResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * A file that changes its size while it is sent. The count is what the peer receives, and lies
 * between the sizes; nothing hangs, and nothing crashes.
 */
@Tag("both-guards")
@Tag("slow")
class ChangingFileTest {
  private static final int MIB = 1 << 20;
  private static final byte[] CONTENT = new byte[24 * MIB];

  static {
    new Random(9).nextBytes(CONTENT);
  }

  private static final List<Mechanism> MECHANISMS =
      List.of(
          Mechanism.AUTO,
          Mechanism.READ_WRITE,
          Mechanism.MMAP_WRITE,
          Mechanism.SENDFILE,
          Mechanism.SPLICE,
          Mechanism.DIRECT_IO);

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> theCountIsWhatThePeerReceives() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Mechanism mechanism : MECHANISMS) {
      // Within the first slice, within a later one, to nothing, and longer.
      for (int size : new int[] {8 * MIB + 17, 20 * MIB, 0, 30 * MIB}) {
        tests.add(dynamicTest(mechanism + " to " + size, () -> check(mechanism, size)));
      }
    }
    return tests.stream();
  }

  private void check(Mechanism mechanism, int size) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("source", CONTENT);
      FileChannel source = channels.keep(FileChannel.open(path));
      SocketChannel[] pair = channels.tcp();
      FutureTask<TransferResult> sender =
          ChannelPair.started(
              () ->
                  TransferResult.by(
                      () -> mechanism.transferTo(source, 0, Long.MAX_VALUE, pair[0])));
      ByteBuffer first = ByteBuffer.allocate(1);
      pair[1].read(first);
      resize(path, size);
      FutureTask<byte[]> receiver = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
      TransferResult told = sender.get();
      pair[0].close();
      byte[] rest = receiver.get();
      assertEquals("", told.failure());
      assertEquals(told.stored(), 1 + rest.length);
      long smallest = Math.min(size, CONTENT.length);
      assertTrue(told.stored() >= smallest, told.toString());
      assertTrue(told.stored() <= Math.max(size, CONTENT.length), told.toString());
      // Bytes that were cut off may arrive as they were, or as zeros.
      int unchanged = (int) Math.max(1, smallest);
      byte[] received = new byte[unchanged];
      received[0] = first.get(0);
      System.arraycopy(rest, 0, received, 1, unchanged - 1);
      assertArrayEquals(Arrays.copyOf(CONTENT, unchanged), received);
    }
  }

  private static void resize(Path path, int size) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      if (size < CONTENT.length) {
        file.truncate(size);
      } else {
        file.write(ByteBuffer.allocate(size - CONTENT.length), CONTENT.length);
      }
    }
  }
}

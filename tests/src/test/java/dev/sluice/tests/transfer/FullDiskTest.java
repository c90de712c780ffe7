package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Tools;
import dev.sluice.tests.support.TransferResult;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full in the middle of a transfer. The result is true: the bytes stored lie in the
 * file, those lost are counted, and the rest is still in the source.
 */
@Tag("both-guards")
class FullDiskTest {
  private static final int DISK = 1 << 20;
  private static final byte[] CONTENT = new byte[3 << 20];

  static {
    new Random(8).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> whatIsToldIsTrue() {
    List<DynamicTest> tests = new ArrayList<>();
    for (ChannelPair pair : ChannelPair.all()) {
      if (pair.target() == ChannelPair.Kind.FILE) {
        for (Mechanism mechanism : Mechanism.values()) {
          // One that leaves the file's pages alone: there is nothing to share on tmpfs.
          if (mechanism != Mechanism.REFLINK && pair.isServedBy(mechanism)) {
            tests.add(dynamicTest(mechanism + " " + pair, () -> check(mechanism, pair)));
          }
        }
      }
    }
    return tests.stream();
  }

  private void check(Mechanism mechanism, ChannelPair pair) throws Exception {
    Path folder = Files.createTempDirectory(directory, "small");
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=" + DISK);
        ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = mount.folder().resolve("file");
      ReadableByteChannel source = pair.source(channels, CONTENT);
      try (FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        TransferResult told =
            untilFull(new ChannelPair.Opened(pair, source, file, () -> null), mechanism);
        told.assertFailedWith("No space left on device (ENOSPC");
        assertEquals(told.stored(), file.size());
        assertTrue(told.stored() >= DISK - Tools.pageSize(), told.toString());
        assertTrue(told.stored() <= DISK, told.toString());
        assertArrayEquals(Arrays.copyOf(CONTENT, (int) told.stored()), Files.readAllBytes(path));
        if (pair.source() == ChannelPair.Kind.FILE) {
          assertEquals(0, told.lost());
          long position = ((FileChannel) source).position();
          assertEquals(pair.pulls() ? told.stored() : 0, position);
        } else {
          byte[] left = ChannelPair.drain(source);
          told.assertAccountsFor(CONTENT.length, left.length);
          int from = CONTENT.length - left.length;
          assertArrayEquals(Arrays.copyOfRange(CONTENT, from, CONTENT.length), left);
        }
      } catch (UnsupportedMechanismException e) {
        // Which files another file system serves is another test's matter.
        assertTrue(Mechanism.COPY_FILE_RANGE == mechanism, e::toString);
        assertEquals(0, Files.size(path));
      }
    }
  }

  /** Transfers until one fails: all that was stored, and what that one says. */
  private static TransferResult untilFull(ChannelPair.Opened opened, Mechanism mechanism)
      throws UnsupportedMechanismException {
    long stored = 0;
    while (true) {
      long done = stored;
      TransferResult told = TransferResult.by(() -> opened.move(mechanism, done, CONTENT.length));
      stored += told.stored();
      if (!told.failure().isEmpty()) {
        return new TransferResult(stored, told.lost(), told.failure());
      }
      assertTrue(told.stored() > 0 || !opened.isWaitedFor(), "0 bytes of a source that has more");
      Thread.yield();
    }
  }
}

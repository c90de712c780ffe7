package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Composite;
import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelKinds.TargetKind;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.FileSystemKind;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot is the file as it was when the transfer began, or is refused. */
@Tag("both-guards")
class SnapshotTest {
  private static final int BYTES = 24 << 20;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> whatHappensToTheFileMeanwhileDoesNotMatter() {
    return Stream.of(FileSystemKind.values())
        .map(kind -> dynamicTest(kind.name(), () -> isAsItWas(kind)));
  }

  private void isAsItWas(FileSystemKind kind) throws Exception {
    byte[] content = new byte[BYTES];
    new Random(kind.ordinal()).nextBytes(content);
    try (FileSystemKind.Place place = kind.in(directory);
        ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = Files.write(place.resolve("file"), content);
      try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite())) {
        SocketChannel[] pair = channels.tcp();
        FutureTask<Long> sent =
            ChannelPair.started(
                () -> Sluice.transferTo(file, 0, BYTES, pair[0], TransferOption.snapshot()));
        Thread.sleep(300);
        if (!kind.shares && sent.isDone()) {
          Throwable told = assertThrows(Exception.class, sent::get).getCause();
          assertTrue(told instanceof UnsupportedOperationException, String.valueOf(told));
          assertTrue(told.getMessage().contains("XFS and btrfs"), told.getMessage());
          pair[0].close();
          assertEquals(0, ChannelPair.drain(pair[1]).length);
          return;
        }
        file.write(ByteBuffer.allocate(BYTES), 0);
        file.truncate(100);
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        assertEquals(BYTES, sent.get(20, TimeUnit.SECONDS));
        pair[0].close();
        assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
        assertEquals(1, Stream.of(place.folder().toFile().list()).count());
      }
      ChannelKinds.Target target = channels.target(TargetKind.FILE);
      assertEquals(100, Sluice.send(path, target.channel(), TransferOption.snapshot()));
      assertArrayEquals(new byte[100], target.arrived().bytes());
    }
  }

  @Test
  void nothingButAFileThatIsSentHasASnapshot() throws Exception {
    TransferOption snapshot = TransferOption.snapshot();
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("file", new byte[100]);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      FileChannel other = channels.keep(FileChannel.open(channels.path("other", new byte[9])));
      SocketChannel[] pair = channels.tcp();
      ChannelKinds.Target foreign = channels.target(TargetKind.ARBITRARY);
      assertThrows(
          UnsupportedOperationException.class,
          () -> Sluice.transferTo(file, 0, 100, foreign.channel(), snapshot));
      assertThrows(
          UnsupportedOperationException.class,
          () -> Sluice.transferFrom(file, other, 0, 9, snapshot));
      assertThrows(
          UnsupportedOperationException.class, () -> Sluice.transfer(other, pair[0], 9, snapshot));
      Composite composite = Composite.of(ByteBuffer.allocate(1)).add(file, 0, 100);
      assertThrows(UnsupportedOperationException.class, () -> composite.sendTo(pair[0], snapshot));
      assertEquals(0, foreign.arrived().bytes().length);
      assertArrayEquals(new byte[100], Files.readAllBytes(path));
      assertEquals(0, other.position());
      pair[0].close();
      assertEquals(0, ChannelPair.drain(pair[1]).length);
    }
  }
}

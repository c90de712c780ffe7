package dev.sluice.tests.transfer;

import static dev.sluice.tests.support.ChannelKinds.readWrite;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Implementation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Transfers that do not fit into one system call, one buffer, or an int. */
@Tag("both-guards")
class LargeTransferTest {
  private static final int SIZE = 40 << 20;

  @TempDir Path directory;

  @Test
  void oneCallMovesFiveGiB() throws IOException {
    holes(Implementation.SLUICE, 5L << 30);
  }

  private static void holes(Implementation implementation, long size) throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "needs /dev/shm");
    Path path = Files.createTempFile(memory, "sluice", ".bin");
    try (FileChannel file = FileChannel.open(path, readWrite());
        FileChannel sink = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), size - 1);
      assertEquals(size, implementation.transferTo(file, 0, Long.MAX_VALUE, sink));
    } finally {
      Files.delete(path);
    }
  }

  /** No call may pass the kernel or the JVM a number of 31 bits. */
  @TestFactory
  Stream<DynamicTest> everyMechanismReachesBeyondTwoGiB() {
    return Implementation.besidesNio().stream()
        .filter(implementation -> implementation.serves(ChannelKinds.TargetKind.FILE))
        .map(
            implementation ->
                dynamicTest(implementation.name(), () -> beyondTwoGiB(implementation)));
  }

  private void beyondTwoGiB(Implementation implementation) throws IOException {
    long far = (5L << 30) + 4095;
    byte[] content = "far away".getBytes();
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source =
          channels.keep(FileChannel.open(channels.path("source", content), readWrite()));
      source.write(ByteBuffer.wrap(content), far);
      FileChannel target =
          channels.keep(FileChannel.open(channels.path("target", content), readWrite()));
      target.position(far + 100);
      assertEquals(8, implementation.transferTo(source, far, Long.MAX_VALUE, target));
      assertEquals(far + 108, target.position());
      assertEquals(ByteBuffer.wrap(content), read(target, far + 100));
      if (implementation.serves(ChannelKinds.SourceKind.FILE)) {
        source.position(far);
        assertEquals(8, implementation.transferFrom(target, source, far + 200, Long.MAX_VALUE));
        assertEquals(ByteBuffer.wrap(content), read(target, far + 200));
      }
    }
  }

  private static ByteBuffer read(FileChannel file, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8);
    file.read(bytes, position);
    return bytes.flip();
  }

  @TestFactory
  Stream<DynamicTest> oneCallMovesMoreThanTwoGiB() {
    return Stream.of(Implementation.READ_WRITE, Implementation.MMAP_WRITE, Implementation.SENDFILE)
        .map(
            implementation ->
                dynamicTest(implementation.name(), () -> holes(implementation, (2L << 30) + 4097)));
  }

  @Test
  void aBlockingSocketTakesAndGivesAll() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      throughAStream(channels, pair[0], pair[1]);
    }
  }

  @Test
  void aBlockingPipeTakesAndGivesAll() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Pipe pipe = Pipe.open();
      throughAStream(channels, channels.keep(pipe.sink()), channels.keep(pipe.source()));
    }
  }

  private void throughAStream(
      ChannelKinds channels,
      java.nio.channels.WritableByteChannel near,
      java.nio.channels.ReadableByteChannel far)
      throws Exception {
    byte[] content = new byte[SIZE];
    new Random(5).nextBytes(content);
    FileChannel source = channels.keep(FileChannel.open(channels.path("source", content)));
    Path path = channels.path("target", new byte[0]);
    FileChannel target = channels.keep(FileChannel.open(path, StandardOpenOption.WRITE));
    FutureTask<Long> received =
        ChannelPair.started(() -> Sluice.transferFrom(target, far, 0, Long.MAX_VALUE));
    assertEquals(SIZE, Sluice.transferTo(source, 0, Long.MAX_VALUE, near));
    near.close();
    assertEquals(SIZE, received.get());
    assertEquals(crc(content), crc(Files.readAllBytes(path)));
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}

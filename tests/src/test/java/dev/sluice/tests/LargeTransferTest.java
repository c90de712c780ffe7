package dev.sluice.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transfers that do not fit into one system call, one buffer, or the target. */
@Tag("both-guards")
class LargeTransferTest {
  private static final int SIZE = 40 << 20;

  @TempDir Path directory;

  @Test
  void oneCallMovesFiveGiB() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "needs /dev/shm");
    long size = 5L << 30;
    Path path = Files.createTempFile(memory, "sluice", ".bin");
    try (FileChannel file = FileChannel.open(path, Ends.readWrite());
        FileChannel sink = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), size - 1);
      assertEquals(size, Sluice.transferTo(file, 0, Long.MAX_VALUE, sink));
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void aBlockingSocketTakesAndGivesAll() throws Exception {
    try (Ends ends = new Ends(directory)) {
      SocketChannel[] pair = ends.tcp();
      throughAStream(ends, pair[0], pair[1]);
    }
  }

  @Test
  void aBlockingPipeTakesAndGivesAll() throws Exception {
    try (Ends ends = new Ends(directory)) {
      Pipe pipe = Pipe.open();
      throughAStream(ends, ends.keep(pipe.sink()), ends.keep(pipe.source()));
    }
  }

  private void throughAStream(
      Ends ends,
      java.nio.channels.WritableByteChannel near,
      java.nio.channels.ReadableByteChannel far)
      throws Exception {
    byte[] content = new byte[SIZE];
    new Random(5).nextBytes(content);
    FileChannel source = ends.keep(FileChannel.open(ends.path("source", content)));
    Path path = ends.path("target", new byte[0]);
    FileChannel target = ends.keep(FileChannel.open(path, StandardOpenOption.WRITE));
    FutureTask<Long> received = started(() -> Sluice.transferFrom(target, far, 0, Long.MAX_VALUE));
    assertEquals(SIZE, Sluice.transferTo(source, 0, Long.MAX_VALUE, near));
    near.close();
    assertEquals(SIZE, received.get());
    assertEquals(crc(content), crc(Files.readAllBytes(path)));
  }

  @Test
  void aFullDiskSaysHowManyBytesWereStoredAndHowManyWereLost() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=1m");
        Ends ends = new Ends(directory);
        FileChannel target =
            FileChannel.open(
                mount.folder().resolve("file"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
      SocketChannel[] pair = ends.tcp();
      FutureTask<Integer> sender =
          started(
              () -> {
                int sent = 0;
                ByteBuffer data = ByteBuffer.allocate(3 << 20);
                while (data.hasRemaining()) {
                  sent += pair[0].write(data);
                }
                return sent;
              });
      IOException e =
          assertThrows(IOException.class, () -> Sluice.transferFrom(target, pair[1], 0, 3 << 20));
      assertTrue(e.getMessage().startsWith("No space left on device (ENOSPC"), e.getMessage());
      long stored = number(e.getMessage(), ": (\\d+) bytes were stored");
      long lost = number(e.getMessage(), "(\\d+) more were taken");
      assertEquals(target.size(), stored);
      long left = 0;
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      while (stored + lost + left < 3 << 20) {
        left += pair[1].read(buffer.clear());
      }
      assertEquals(3 << 20, stored + lost + left);
      assertEquals(3 << 20, sender.get());
    }
  }

  private static long number(String message, String pattern) {
    var matcher = java.util.regex.Pattern.compile(pattern).matcher(message);
    assertTrue(matcher.find(), message);
    return Long.parseLong(matcher.group(1));
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static <T> FutureTask<T> started(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future);
    thread.setDaemon(true);
    thread.start();
    return future;
  }
}

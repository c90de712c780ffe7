package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.Tools;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A FIFO that is opened by its path is a file to Java, and has neither a position nor an end. */
@Tag("both-guards")
class FifoTest {
  private static final byte[] CONTENT = new byte[8 << 20];

  static {
    new Random(6).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  private Path fifo;

  @BeforeEach
  void makeFifo() throws Exception {
    fifo = directory.resolve("fifo");
    Tools.run("mkfifo", fifo.toString());
  }

  @Test
  void everyByteOfAFifoGoesIntoASocket() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.tcp();
      FutureTask<Void> writer = started(() -> write(fifo));
      FutureTask<byte[]> reader = started(() -> readAll(pair[1]));
      try (FileChannel source = new FileInputStream(fifo.toFile()).getChannel()) {
        assertEquals(CONTENT.length, Sluice.transfer(source, pair[0], Long.MAX_VALUE));
      }
      pair[0].close();
      writer.get();
      assertArrayEquals(CONTENT, reader.get());
    }
  }

  @Test
  void everyByteOfAFifoGoesIntoAFile() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("target", new byte[0]);
      FileChannel target = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      FutureTask<Void> writer = started(() -> write(fifo));
      try (FileChannel source = new FileInputStream(fifo.toFile()).getChannel()) {
        assertEquals(CONTENT.length, Sluice.transferFrom(target, source, 0, Long.MAX_VALUE));
      }
      writer.get();
      assertArrayEquals(CONTENT, java.nio.file.Files.readAllBytes(path));
    }
  }

  @Test
  void closingAFullFifoEndsTheTransferWithin100Ms() throws Exception {
    FutureTask<FileInputStream> reader = started(() -> new FileInputStream(fifo.toFile()));
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel target = channels.keep(new FileOutputStream(fifo.toFile()).getChannel());
      channels.keep(reader.get().getChannel());
      SocketChannel[] pair = channels.tcp();
      started(() -> pair[1].write(ByteBuffer.wrap(CONTENT)));
      FutureTask<Long> transfer =
          new FutureTask<>(() -> Sluice.transfer(pair[0], target, Long.MAX_VALUE));
      Thread worker = new Thread(transfer);
      worker.setDaemon(true);
      worker.start();
      Thread.sleep(200);
      assertTrue(worker.isAlive());
      TimeLimit start = TimeLimit.begin();
      target.close();
      worker.join(5_000);
      long millis = start.millis();
      assertTrue(!worker.isAlive(), "still running");
      // One signal of the JDK's may come while the thread is not in a system call: the next follows
      // 50 ms later.
      start.assertWithin(millis, "until it ended");
    }
  }

  private static Void write(Path fifo) throws IOException {
    try (OutputStream out = new FileOutputStream(fifo.toFile())) {
      out.write(CONTENT);
    }
    return null;
  }

  private static byte[] readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  private static <T> FutureTask<T> started(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future);
    thread.setDaemon(true);
    thread.start();
    return future;
  }
}

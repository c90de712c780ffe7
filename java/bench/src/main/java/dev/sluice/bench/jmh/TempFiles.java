package dev.sluice.bench.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Files for a benchmark, which are gone when its JVM is. */
final class TempFiles {
  private TempFiles() {}

  /** A file of random bytes. */
  static Path file(int bytes) throws IOException {
    Path file = Files.createTempFile("sluice-jmh-", ".bin");
    file.toFile().deleteOnExit();
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(file, content);
  }

  /** A file to be overwritten in place, whose pages are in the page cache. */
  static FileChannel target(int bytes) throws IOException {
    FileChannel channel =
        FileChannel.open(file(1), StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(bytes), 0);
    return channel;
  }
}

package dev.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** The file of a full run. */
final class RandomFile {
  static final long BYTES = 320L << 20;
  private static final int PIECE = 1 << 20;

  private RandomFile() {}

  /** Random bytes, which no file system packs, in a file that goes when this JVM does. */
  static Path in(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "source-", ".bin");
    file.toFile().deleteOnExit();
    SplittableRandom random = new SplittableRandom(BYTES);
    byte[] piece = new byte[PIECE];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long written = 0; written < BYTES; written += PIECE) {
        random.nextBytes(piece);
        channel.write(ByteBuffer.wrap(piece));
      }
    }
    return file;
  }
}

package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.PathCopier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The copy that one writes by hand: both files opened, read and write through one direct buffer,
 * which is kept. A file that exists is cut to nothing first.
 */
final class BufferedCopy implements PathCopier {
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Loop.BUFFER_BYTES);

  @Override
  public void copy(Path source, Path target) throws IOException {
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                target,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      while (from.read(buffer.clear()) > 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    }
  }
}

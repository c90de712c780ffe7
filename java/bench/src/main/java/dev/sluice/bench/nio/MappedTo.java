package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The loop that textbooks call mmap + write: the JDK maps each piece, and writes it out of the
 * mapping.
 */
final class MappedTo implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    long most = Math.min(piece, Integer.MAX_VALUE);
    for (long start = 0; start < region; start += most) {
      piece(channels.sourceFile(), start, Math.min(most, region - start), channels.target());
    }
  }

  /** Trims the mappings between two rounds, when nothing is timed. */
  @Override
  public void close() {
    JdkMappings.trim();
  }

  private static void piece(FileChannel source, long start, long count, WritableByteChannel target)
      throws IOException {
    ByteBuffer mapping = source.map(FileChannel.MapMode.READ_ONLY, start, count);
    while (mapping.hasRemaining()) {
      target.write(mapping);
    }
  }
}

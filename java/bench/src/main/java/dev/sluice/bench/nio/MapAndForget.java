package dev.sluice.bench.nio;

import dev.sluice.bench.loop.MappedPieces;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A piece mapped by the JDK and read into an array. The JDK cannot unmap it: the collector does.
 */
final class MapAndForget implements MappedPieces.Reader {
  @Override
  public void read(FileChannel file, long start, int count, byte[] into) throws IOException {
    file.map(MapMode.READ_ONLY, start, count).get(0, into, 0, count);
  }

  /** Trims the mappings. */
  @Override
  public void close() {
    JdkMappings.trim();
  }
}

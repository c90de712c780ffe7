package dev.sluice.bench.linker;

import dev.sluice.bench.loop.MappedPieces;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * The JDK's {@code MemorySegment}: a piece mapped into an arena of one thread, copied into an
 * array, and unmapped with the arena.
 */
final class SegmentMapAndClose implements MappedPieces.Reader {
  @Override
  public void read(FileChannel file, long start, int count, byte[] into) throws IOException {
    try (AutoCloseable arena = MemorySegments.confined()) {
      Object mapping = MemorySegments.map(file, MapMode.READ_ONLY, start, count, arena);
      MemorySegments.copy(mapping, 0, into, count);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
  }
}

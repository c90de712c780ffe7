package dev.sluice.bench.sluice;

import dev.sluice.MappedRegion;
import dev.sluice.bench.loop.MappedPieces;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** {@link MappedRegion}: a piece mapped, read into an array, and unmapped. */
final class RegionMapAndClose implements MappedPieces.Reader {
  @Override
  public void read(FileChannel file, long start, int count, byte[] into) throws IOException {
    try (MappedRegion mapping = MappedRegion.map(file, MapMode.READ_ONLY, start, count)) {
      mapping.read(0, into, 0, count);
    }
  }
}

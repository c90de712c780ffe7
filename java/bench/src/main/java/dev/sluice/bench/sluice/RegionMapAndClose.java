package dev.sluice.bench.sluice;

import dev.sluice.MappedRegion;
import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/** {@link MappedRegion}: each piece mapped, read into an array, and unmapped. */
final class RegionMapAndClose implements Loop {
  private final ArrayTarget into = new ArrayTarget();

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    int most = (int) Math.min(piece, ArrayTarget.MOST);
    for (long start = 0; start < region; start += most) {
      piece(
          channels.sourceFile(),
          start,
          (int) Math.min(most, region - start),
          into,
          channels.target());
    }
  }

  private static void piece(
      FileChannel file, long start, int count, ArrayTarget into, WritableByteChannel target)
      throws IOException {
    try (MappedRegion mapping = MappedRegion.map(file, MapMode.READ_ONLY, start, count)) {
      mapping.read(0, into.array, 0, count);
    }
    into.handTo(target, count);
  }
}

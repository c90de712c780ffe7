package dev.sluice.bench.sluice;

import dev.sluice.MappedRegion;
import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** {@link MappedRegion#read} out of one mapping, which stays from round to round. */
final class RegionRead implements Loop {
  private final ArrayTarget into = new ArrayTarget();
  private MappedRegion mapping;

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = MappedRegion.map(channels.sourceFile(), FileChannel.MapMode.READ_ONLY, 0, region);
    }
    int most = (int) Math.min(piece, ArrayTarget.MOST);
    for (long start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), into, channels.target());
    }
  }

  private static void piece(
      MappedRegion mapping, long start, int count, ArrayTarget into, WritableByteChannel target)
      throws IOException {
    mapping.read(start, into.array, 0, count);
    into.handTo(target, count);
  }
}

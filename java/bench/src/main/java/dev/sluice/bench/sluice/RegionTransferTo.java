package dev.sluice.bench.sluice;

import dev.sluice.MappedRegion;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** {@link MappedRegion#transferTo} out of one mapping, which stays from round to round. */
final class RegionTransferTo implements Loop {
  private FileChannel file;
  private MappedRegion region;

  @Override
  public void run(OpenChannels channels, long size, long piece) throws IOException {
    MappedRegion mapped = standing(channels.sourceFile());
    for (long start = 0; start < size; start += piece) {
      long end = Math.min(start + piece, size);
      for (long at = start; at < end; ) {
        at += Loop.progress(mapped.transferTo(at, end - at, channels.target()));
      }
    }
  }

  /**
   * The region of a file, mapped once. The cell's file is the same in every round, unless its
   * fixture was opened anew.
   */
  private MappedRegion standing(FileChannel source) throws IOException {
    if (source != file) {
      if (region != null) {
        region.close();
      }
      region = MappedRegion.map(source, MapMode.READ_ONLY, 0, source.size());
      file = source;
    }
    return region;
  }
}

package dev.sluice.bench.loop;

import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** {@link MappedRegion#read} out of one mapping, which stays from round to round. */
final class RegionRead implements Loop {
  private static final int MOST = 1 << 20;
  private final byte[] array = new byte[MOST];
  private final ByteBuffer view = ByteBuffer.wrap(array);
  private MappedRegion mapping;

  @Override
  public void run(Ends ends, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = MappedRegion.map(ends.sourceFile(), FileChannel.MapMode.READ_ONLY, 0, region);
    }
    int most = (int) Math.min(piece, MOST);
    for (long start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), array, view, ends.target());
    }
  }

  private static void piece(
      MappedRegion mapping,
      long start,
      int count,
      byte[] array,
      ByteBuffer view,
      WritableByteChannel target)
      throws IOException {
    mapping.read(start, array, 0, count);
    target.write(view.clear().limit(count));
  }
}

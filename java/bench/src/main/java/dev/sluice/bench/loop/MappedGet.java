package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The JDK's {@link MappedByteBuffer}: a standing mapping, read into an array. */
final class MappedGet implements Loop {
  private static final int MOST = 1 << 20;
  private final byte[] array = new byte[MOST];
  private final ByteBuffer view = ByteBuffer.wrap(array);
  private MappedByteBuffer mapping;

  @Override
  public void run(Ends ends, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = ends.sourceFile().map(FileChannel.MapMode.READ_ONLY, 0, region);
    }
    int most = (int) Math.min(piece, MOST);
    for (int start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), array, view, ends.target());
    }
  }

  private static void piece(
      MappedByteBuffer mapping,
      int start,
      int count,
      byte[] array,
      ByteBuffer view,
      WritableByteChannel target)
      throws IOException {
    mapping.get(start, array, 0, count);
    target.write(view.clear().limit(count));
  }
}

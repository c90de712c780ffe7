package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/** The JDK's {@code MemorySegment}: a standing mapping, copied into an array. */
final class SegmentCopy implements Loop {
  private static final int MOST = 1 << 20;
  private final byte[] array = new byte[MOST];
  private final ByteBuffer view = ByteBuffer.wrap(array);
  private Object mapping;

  @Override
  public void run(Ends ends, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = mapped(ends, region);
    }
    int most = (int) Math.min(piece, MOST);
    for (long start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), array, view, ends.target());
    }
  }

  private static Object mapped(Ends ends, long region) throws IOException {
    try {
      return Segments.map(ends.sourceFile(), MapMode.READ_ONLY, region, Segments.automatic());
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Foreign.unexpected(e);
    }
  }

  private static void piece(
      Object mapping,
      long start,
      int count,
      byte[] array,
      ByteBuffer view,
      WritableByteChannel target)
      throws IOException {
    Segments.copy(mapping, start, array, count);
    target.write(view.clear().limit(count));
  }
}

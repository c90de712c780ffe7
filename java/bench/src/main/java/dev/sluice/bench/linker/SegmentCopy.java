package dev.sluice.bench.linker;

import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/** The JDK's {@code MemorySegment}: a standing mapping, copied into an array. */
final class SegmentCopy implements Loop {
  private final ArrayTarget into = new ArrayTarget();
  private Object mapping;

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = mapped(channels, region);
    }
    int most = (int) Math.min(piece, ArrayTarget.MOST);
    for (long start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), into, channels.target());
    }
  }

  private static Object mapped(OpenChannels channels, long region) throws IOException {
    try {
      return MemorySegments.map(
          channels.sourceFile(), MapMode.READ_ONLY, region, MemorySegments.automatic());
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
  }

  private static void piece(
      Object mapping, long start, int count, ArrayTarget into, WritableByteChannel target)
      throws IOException {
    MemorySegments.copy(mapping, start, into.array, count);
    into.handTo(target, count);
  }
}

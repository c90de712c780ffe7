package dev.sluice.bench.linker;

import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/**
 * The JDK's {@code MemorySegment}: each piece mapped into an arena of one thread, copied into an
 * array, and unmapped with the arena.
 */
final class SegmentMapAndClose implements Loop {
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
    try (AutoCloseable arena = MemorySegments.confined()) {
      Object mapping = MemorySegments.map(file, MapMode.READ_ONLY, start, count, arena);
      MemorySegments.copy(mapping, 0, into.array, count);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
    into.handTo(target, count);
  }
}

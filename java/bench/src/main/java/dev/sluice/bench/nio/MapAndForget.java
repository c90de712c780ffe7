package dev.sluice.bench.nio;

import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;

/**
 * Each piece mapped by the JDK and read into an array. The JDK cannot unmap it: the collector does,
 * between two rounds.
 */
final class MapAndForget implements Loop {
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
    file.map(MapMode.READ_ONLY, start, count).get(0, into.array, 0, count);
    into.handTo(target, count);
  }

  /** Trims the mappings between two rounds, when nothing is timed. */
  @Override
  public void close() {
    JdkMappings.trim();
  }
}

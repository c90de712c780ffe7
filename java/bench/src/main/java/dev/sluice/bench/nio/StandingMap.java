package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A file mapped once by the JDK, and written out of the mapping from round to round. One mapping of
 * the JDK's has at most 2 GiB, so that a longer file has several.
 */
final class StandingMap implements Loop {
  /** What one mapping has, in bytes. */
  private static final long MOST = 1L << 30;

  private FileChannel file;
  private List<MappedByteBuffer> mappings = List.of();

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    if (channels.sourceFile() != file) {
      mappings = mapped(channels.sourceFile());
      file = channels.sourceFile();
    }
    for (long start = 0; start < region; start += piece) {
      piece(mappings, start, Math.min(start + piece, region), channels.target());
    }
  }

  private static List<MappedByteBuffer> mapped(FileChannel file) throws IOException {
    List<MappedByteBuffer> mappings = new ArrayList<>();
    for (long at = 0; at < file.size(); at += MOST) {
      mappings.add(file.map(MapMode.READ_ONLY, at, Math.min(MOST, file.size() - at)));
    }
    return mappings;
  }

  private static void piece(
      List<MappedByteBuffer> mappings, long start, long end, WritableByteChannel target)
      throws IOException {
    for (long at = start; at < end; ) {
      MappedByteBuffer mapping = mappings.get((int) (at / MOST));
      int from = (int) (at % MOST);
      mapping.limit((int) Math.min(mapping.capacity(), from + (end - at))).position(from);
      at += Loop.progress(target.write(mapping));
    }
  }
}

package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/**
 * The loop that one writes by hand, into a file: read and write through one direct buffer, which is
 * kept.
 */
final class BufferedFrom implements Loop {
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Loop.BUFFER_BYTES);

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(
          channels.targetFile(), channels.source(), start, Math.min(start + piece, region), buffer);
    }
  }

  private static void piece(
      FileChannel target, ReadableByteChannel source, long start, long end, ByteBuffer buffer)
      throws IOException {
    for (long at = start; at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      Loop.progress(source.read(buffer));
      buffer.flip();
      while (buffer.hasRemaining()) {
        at += target.write(buffer, at);
      }
    }
  }
}

package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The loop that one writes by hand, out of a file: read and write through one direct buffer, which
 * is kept.
 */
final class BufferedTo implements Loop {
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Loop.BUFFER_BYTES);

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(
          channels.sourceFile(), start, Math.min(start + piece, region), channels.target(), buffer);
    }
  }

  private static void piece(
      FileChannel source, long start, long end, WritableByteChannel target, ByteBuffer buffer)
      throws IOException {
    for (long at = start; at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      at += Loop.progress(source.read(buffer, at));
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
  }
}

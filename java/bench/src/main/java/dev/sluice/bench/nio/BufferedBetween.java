package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The loop of every proxy written by hand: read and write through one direct buffer, which is kept.
 */
final class BufferedBetween implements Loop {
  private final ByteBuffer buffer;

  BufferedBetween(int bufferBytes) {
    buffer = ByteBuffer.allocateDirect(bufferBytes);
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.source(), channels.target(), Math.min(piece, region - start), buffer);
    }
  }

  private static void piece(
      ReadableByteChannel source, WritableByteChannel target, long count, ByteBuffer buffer)
      throws IOException {
    for (long left = count; left > 0; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      left -= Loop.progress(source.read(buffer));
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
  }
}

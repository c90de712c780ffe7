package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.ResponseHeads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The loop that one writes by hand: the head is put into a direct buffer, the file is read behind
 * it, and both are written together.
 */
final class BufferedResponse implements Loop {
  private final ResponseHeads heads = new ResponseHeads();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Loop.BUFFER_BYTES);

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    heads.read(channels.sourceFile(), region, piece);
    for (long start = 0; start < region; start += piece) {
      long end = Math.min(start + piece, region);
      buffer.clear().put(heads.of(start, end));
      piece(channels.sourceFile(), start, end, channels.target(), buffer);
    }
  }

  private static void piece(
      FileChannel source, long start, long end, WritableByteChannel target, ByteBuffer buffer)
      throws IOException {
    for (long at = start; at < end; ) {
      buffer.limit((int) Math.min(buffer.capacity(), end - at));
      while (buffer.hasRemaining()) {
        Loop.progress(source.read(buffer, at + buffer.position()));
      }
      at += buffer.flip().remaining();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
      buffer.clear();
    }
  }
}

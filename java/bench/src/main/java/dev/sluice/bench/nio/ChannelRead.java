package dev.sluice.bench.nio;

import dev.sluice.bench.loop.ArrayTarget;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The loop that one writes without a mapping: read into a direct buffer, which is kept, then into
 * an array.
 */
final class ChannelRead implements Loop {
  private final ArrayTarget into = new ArrayTarget();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(ArrayTarget.MOST);

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    long most = Math.min(piece, ArrayTarget.MOST);
    for (long start = 0; start < region; start += most) {
      int count = (int) Math.min(most, region - start);
      piece(channels.sourceFile(), start, buffer.clear().limit(count), into.array);
      into.handTo(channels.target(), count);
    }
  }

  private static void piece(FileChannel source, long start, ByteBuffer buffer, byte[] array)
      throws IOException {
    while (buffer.hasRemaining()) {
      Loop.progress(source.read(buffer, start + buffer.position()));
    }
    int count = buffer.position();
    buffer.flip();
    buffer.get(array, 0, count);
  }
}

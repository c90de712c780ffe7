package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.ResponseHeads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A head by {@code write} and the rest of the response by the JDK's {@code transferTo}. */
final class NioResponse implements Loop {
  private final ResponseHeads heads = new ResponseHeads();

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    heads.read(channels.sourceFile(), region, piece);
    for (long start = 0; start < region; start += piece) {
      long end = Math.min(start + piece, region);
      piece(heads.of(start, end), channels.sourceFile(), start, end, channels.target());
    }
  }

  private static void piece(
      ByteBuffer head, FileChannel source, long start, long end, WritableByteChannel target)
      throws IOException {
    long at = start + head.remaining();
    while (head.hasRemaining()) {
      target.write(head);
    }
    while (at < end) {
      at += Loop.progress(source.transferTo(at, end - at, target));
    }
  }
}

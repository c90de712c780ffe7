package dev.sluice.bench.sluice;

import dev.sluice.Composite;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.ResponseHeads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/** A head and a part of a file as one {@link Composite}. */
final class SluiceResponse implements Loop {
  private final ResponseHeads heads = new ResponseHeads();

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    heads.read(channels.sourceFile(), region, piece);
    for (long start = 0; start < region; start += piece) {
      long end = Math.min(start + piece, region);
      SocketChannel target = (SocketChannel) channels.target();
      piece(heads.of(start, end), channels.sourceFile(), start, end, target);
    }
  }

  private static void piece(
      ByteBuffer head, FileChannel source, long start, long end, SocketChannel target)
      throws IOException {
    long at = start + head.remaining();
    Composite response = Composite.of(head).add(source, at, end - at);
    while (response.remaining() > 0) {
      Loop.progress(response.sendTo(target));
    }
  }
}

package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** The JDK's {@link FileChannel#transferFrom}. */
final class NioTransferFrom implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.targetFile(), channels.source(), start, Math.min(start + piece, region));
    }
  }

  private static void piece(FileChannel target, ReadableByteChannel source, long start, long end)
      throws IOException {
    for (long at = start; at < end; ) {
      at += Loop.progress(target.transferFrom(source, at, end - at));
    }
  }
}

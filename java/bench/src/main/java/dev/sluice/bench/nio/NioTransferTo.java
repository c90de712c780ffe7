package dev.sluice.bench.nio;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The JDK's {@link FileChannel#transferTo}. */
final class NioTransferTo implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.sourceFile(), start, Math.min(start + piece, region), channels.target());
    }
  }

  private static void piece(FileChannel source, long start, long end, WritableByteChannel target)
      throws IOException {
    for (long at = start; at < end; ) {
      long moved = source.transferTo(at, end - at, target);
      if (moved == 0 && at < source.size()) {
        // On a virtual thread a full socket answers 0, even in blocking mode, and a caller tries
        // again.
        Thread.yield();
      } else {
        at += Loop.progress(moved);
      }
    }
  }
}

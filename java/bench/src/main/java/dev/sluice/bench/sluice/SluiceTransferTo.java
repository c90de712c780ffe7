package dev.sluice.bench.sluice;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The drop-in {@link Sluice#transferTo}, which chooses its mechanism itself. */
final class SluiceTransferTo implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.sourceFile(), start, Math.min(start + piece, region), channels.target());
    }
  }

  private static void piece(FileChannel source, long start, long end, WritableByteChannel target)
      throws IOException {
    for (long at = start; at < end; ) {
      at += Loop.progress(Sluice.transferTo(source, at, end - at, target));
    }
  }
}

package dev.sluice.bench.sluice;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** {@link Sluice#transfer}, which chooses its mechanism itself. */
final class SluiceTransfer implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.source(), channels.target(), Math.min(piece, region - start));
    }
  }

  private static void piece(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    for (long left = count; left > 0; ) {
      left -= Loop.progress(Sluice.transfer(source, target, left));
    }
  }
}

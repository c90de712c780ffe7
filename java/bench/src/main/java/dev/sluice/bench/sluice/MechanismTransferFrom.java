package dev.sluice.bench.sluice;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** {@link Mechanism#transferFrom} of exactly one mechanism. */
final class MechanismTransferFrom implements Loop {
  private final Mechanism mechanism;

  MechanismTransferFrom(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.targetFile(), channels.source(), start, Math.min(start + piece, region));
    }
  }

  private void piece(FileChannel target, ReadableByteChannel source, long start, long end)
      throws IOException {
    for (long at = start; at < end; ) {
      at += Loop.progress(mechanism.transferFrom(target, source, at, end - at));
    }
  }
}

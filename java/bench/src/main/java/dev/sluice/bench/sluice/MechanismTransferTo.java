package dev.sluice.bench.sluice;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** {@link Mechanism#transferTo} of exactly one mechanism. */
final class MechanismTransferTo implements Loop {
  private final Mechanism mechanism;

  MechanismTransferTo(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.sourceFile(), start, Math.min(start + piece, region), channels.target());
    }
  }

  private void piece(FileChannel source, long start, long end, WritableByteChannel target)
      throws IOException {
    for (long at = start; at < end; ) {
      at += Loop.progress(mechanism.transferTo(source, at, end - at, target));
    }
  }
}

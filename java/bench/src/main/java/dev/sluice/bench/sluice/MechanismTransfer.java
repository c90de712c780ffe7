package dev.sluice.bench.sluice;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** {@link Mechanism#transfer} of exactly one mechanism. */
final class MechanismTransfer implements Loop {
  private final Mechanism mechanism;

  MechanismTransfer(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(channels.source(), channels.target(), Math.min(piece, region - start));
    }
  }

  private void piece(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    for (long left = count; left > 0; ) {
      left -= Loop.progress(mechanism.transfer(source, target, left));
    }
  }
}

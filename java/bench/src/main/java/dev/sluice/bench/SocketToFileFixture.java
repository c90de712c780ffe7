package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.file.Path;

/** A peer that supplies to a file. */
final class SocketToFileFixture implements FileTargetFixture {
  private final TargetFile target;
  private final Peer peer;
  private OpenChannels channels;

  SocketToFileFixture(Path file, Path targetDirectory) throws IOException {
    target = new TargetFile(targetDirectory);
    try {
      peer = Peer.start(file);
    } catch (IOException e) {
      target.close();
      throw e;
    }
    channels = OpenChannels.of(peer.connection(), target.channel());
  }

  @Override
  public OpenChannels channels() {
    return channels;
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    peer.supply(roundSize.region(), roundSize.passes());
  }

  /** The peer has sent its last byte before it could be received: this answer is there. */
  @Override
  public void finish() throws IOException {
    peer.done();
  }

  @Override
  public TargetFile target() {
    return target;
  }

  @Override
  public void reopen() throws IOException {
    peer.reconnect();
    channels = OpenChannels.of(peer.connection(), target.channel());
  }

  @Override
  public void close() throws IOException {
    try (target) {
      peer.close();
    }
  }
}

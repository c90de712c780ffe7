package dev.sluice.bench;

import dev.sluice.bench.loop.Ends;
import dev.sluice.bench.loop.Work;
import java.io.IOException;
import java.nio.file.Path;

/** A peer that supplies to a file. */
final class SocketToFileFixture implements FileTargetFixture {
  private final TargetFile target;
  private final Peer peer;
  private Ends ends;

  SocketToFileFixture(Path file, Path targetDirectory) throws IOException {
    target = new TargetFile(targetDirectory);
    try {
      peer = Peer.start(file);
    } catch (IOException e) {
      target.close();
      throw e;
    }
    ends = Ends.of(peer.connection(), target.channel());
  }

  @Override
  public Ends ends() {
    return ends;
  }

  @Override
  public void begin(Work work) throws IOException {
    peer.supply(work.region(), work.passes());
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
    ends = Ends.of(peer.connection(), target.channel());
  }

  @Override
  public void close() throws IOException {
    try (target) {
      peer.close();
    }
  }
}

package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.file.Path;

/** A proxy: one peer supplies, another discards. A round ends when the latter has the last byte. */
final class SocketToSocketFixture implements Fixture {
  private final Peer supplier;
  private final Peer taker;
  private OpenChannels channels;

  SocketToSocketFixture(Path file) throws IOException {
    supplier = Peer.start(file);
    try {
      taker = Peer.start(file);
    } catch (IOException e) {
      supplier.close();
      throw e;
    }
    connected();
  }

  private void connected() {
    channels = OpenChannels.of(supplier.connection(), taker.connection());
  }

  @Override
  public OpenChannels channels() {
    return channels;
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    taker.discard(roundSize.bytes());
    supplier.supply(roundSize.region(), roundSize.passes());
  }

  @Override
  public void finish() throws IOException {
    taker.flush();
    supplier.done();
    taker.done();
  }

  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    taker.digest(roundSize.bytes());
    supplier.supply(roundSize.region(), roundSize.passes());
    transfer.run();
    taker.flush();
    supplier.done();
    return taker.digested();
  }

  @Override
  public void reopen() throws IOException {
    supplier.reconnect();
    taker.reconnect();
    connected();
  }

  @Override
  public void close() throws IOException {
    try (supplier) {
      taker.close();
    }
  }
}

package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to a peer that discards. A round ends when the peer has taken its last byte. */
final class FileToSocketFixture implements Fixture {
  private final FileChannel source;
  private final Peer peer;
  private OpenChannels channels;

  FileToSocketFixture(Path file, Peer peer) throws IOException {
    this.peer = peer;
    try {
      source = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      peer.close();
      throw e;
    }
    channels = OpenChannels.of(source, peer.connection());
  }

  @Override
  public OpenChannels channels() {
    return channels;
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    peer.discard(roundSize.bytes());
  }

  @Override
  public void finish() throws IOException {
    peer.flush();
    peer.done();
  }

  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    peer.digest(roundSize.bytes());
    transfer.run();
    peer.flush();
    return peer.digested();
  }

  @Override
  public String digestLater(long bytes) throws IOException {
    peer.flush();
    peer.digest(bytes);
    return peer.digested();
  }

  @Override
  public void reopen() throws IOException {
    peer.reconnect();
    channels = OpenChannels.of(source, peer.connection());
  }

  @Override
  public void close() throws IOException {
    try (source) {
      peer.close();
    }
  }
}

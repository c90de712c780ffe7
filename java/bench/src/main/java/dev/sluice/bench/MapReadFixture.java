package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A file into an array, piece by piece, the array handed to somebody who does not look at it. */
final class MapReadFixture implements Fixture {
  private final FileChannel source;
  private final Reader reader = new Reader();

  MapReadFixture(Path file) throws IOException {
    source = FileChannel.open(file, StandardOpenOption.READ);
  }

  /** Who gets the pieces: it digests them in the verifying pass, and otherwise ignores them. */
  private static final class Reader implements WritableByteChannel {
    private MessageDigest digest;

    @Override
    public int write(ByteBuffer piece) {
      int count = piece.remaining();
      if (digest != null) {
        digest.update(piece);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(source, reader);
  }

  @Override
  public void begin(RoundSize roundSize) {}

  @Override
  public void finish() {}

  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    reader.digest = Digests.sha256();
    try {
      transfer.run();
      return HexFormat.of().formatHex(reader.digest.digest());
    } finally {
      reader.digest = null;
    }
  }

  @Override
  public void reopen() {}

  @Override
  public void close() throws IOException {
    source.close();
  }
}

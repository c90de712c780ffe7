package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that is nearly all hole, by its path to another path. */
final class SparseCopyFixture implements Fixture {
  private static final long LENGTH = 256L << 20;
  private static final int DATA_BYTES = 4096;

  /** Where the data lies. */
  private static final long[] DATA = {LENGTH / 3, LENGTH - DATA_BYTES};

  static final RoundSize ROUND_SIZE = new RoundSize(LENGTH, LENGTH, 1);

  private final Path source;
  private final Path target;

  SparseCopyFixture(Path directory) throws IOException {
    source = Files.createTempFile(directory, "sparse-", ".bin");
    target = source.resolveSibling(source.getFileName() + ".copy");
    // They have names, and a program that is interrupted does not come to close().
    source.toFile().deleteOnExit();
    target.toFile().deleteOnExit();
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      for (long position : DATA) {
        channel.write(ByteBuffer.allocate(DATA_BYTES).putLong(0, ~position), position);
      }
    }
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(source, target);
  }

  @Override
  public Optional<String> sourceDigest() throws IOException {
    return Optional.of(sha256(source));
  }

  @Override
  public void begin(RoundSize roundSize) {}

  @Override
  public void finish() {}

  /** To delete it takes a while, which is not the next one's fault. */
  @Override
  public void tidy() throws IOException {
    Files.deleteIfExists(target);
  }

  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    transfer.run();
    String digest = sha256(target);
    tidy();
    return digest;
  }

  private static String sha256(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != LENGTH) {
        throw new IOException(path + " has " + channel.size() + " bytes instead of " + LENGTH);
      }
      return Digests.sha256(channel, LENGTH);
    }
  }

  @Override
  public void reopen() throws IOException {
    tidy();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(source);
    tidy();
  }
}

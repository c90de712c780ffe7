package dev.sluice.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that is written, over and over in place. It has no name any more once it is open, so
 * that nothing is left of it however the program ends.
 */
final class TargetFile implements Closeable {
  private final FileChannel channel;

  TargetFile(Path directory) throws IOException {
    Path path = Files.createTempFile(directory, "target-", ".bin");
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }

  FileChannel channel() {
    return channel;
  }

  /**
   * Fills it with nothing: what an earlier implementation wrote must not pass for a later one's.
   */
  void blank(long bytes) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), bytes - 1);
  }

  /** Reads it, so that its pages are in the page cache. */
  void warm(long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < bytes; at += buffer.capacity()) {
      channel.read(buffer.clear(), at);
    }
  }

  /** Of the whole file, which must not have become longer than was written. */
  String digest(long bytes) throws IOException {
    if (channel.size() != bytes) {
      throw new IOException("the target has " + channel.size() + " bytes instead of " + bytes);
    }
    return Digests.sha256(channel, bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

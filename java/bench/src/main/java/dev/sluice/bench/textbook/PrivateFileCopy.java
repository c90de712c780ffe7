package dev.sluice.bench.textbook;

import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.measure.PageCache;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A copy of the beginning of the file, which may be changed. No other process has mapped it, so
 * that its pages can be dropped from the page cache: a mapped page stays there.
 */
public final class PrivateFileCopy implements Closeable {
  private static final long MOST = 16L << 20;

  private final Path path;
  private final FileChannel channel;
  private final long bytes;

  private PrivateFileCopy(Path path, FileChannel channel, long bytes) {
    this.path = path;
    this.channel = channel;
    this.bytes = bytes;
  }

  public static PrivateFileCopy of(Path file, Path directory) throws IOException {
    Path path = Files.createTempFile(directory, "specimen-", ".bin");
    path.toFile().deleteOnExit();
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = Math.min(MOST, source.size());
      for (long at = 0; at < bytes; ) {
        at += source.transferTo(at, bytes - at, channel);
      }
      return new PrivateFileCopy(path, channel, bytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public Path path() {
    return path;
  }

  long bytes() {
    return bytes;
  }

  boolean hasDevice() {
    try {
      return !Files.getFileStore(path).type().matches("tmpfs|ramfs");
    } catch (IOException e) {
      // Below a changed root (chroot) no mount is known to have the path.
      return false;
    }
  }

  /** Drops the copy from the page cache, and answers whether all of it is gone. */
  boolean isDroppedFromCache() throws IOException {
    return PageCache.drop(channel);
  }

  /** Changes every one of the first bytes, in place. */
  void change(int count) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(count);
    while (content.hasRemaining()) {
      if (channel.read(content, content.position()) < 0) {
        throw new IOException(path + " is shorter than " + count + " bytes");
      }
    }
    content.flip();
    for (int i = 0; i < count; i++) {
      content.put(i, (byte) ~content.get(i));
    }
    while (content.hasRemaining()) {
      channel.write(content, content.position());
    }
  }

  String sha256(long count) throws IOException {
    return Digests.sha256(channel, count);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }
}

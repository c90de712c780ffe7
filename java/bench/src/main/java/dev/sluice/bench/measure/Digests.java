package dev.sluice.bench.measure;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what was sent and of what arrived. */
public final class Digests {
  private static final int BUFFER_BYTES = 256 * 1024;

  private Digests() {}

  /** The digest of the first bytes of a file, in lower-case hexadecimal. */
  public static String sha256(FileChannel file, long bytes) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long at = 0; at < bytes; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - at));
      if (file.read(buffer, at) <= 0) {
        throw new EOFException("the file ends at " + at + " instead of " + bytes);
      }
      buffer.flip();
      digest.update(buffer.duplicate());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of the next bytes of a stream, in lower-case hexadecimal. */
  public static String sha256(ReadableByteChannel stream, long bytes) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long left = bytes; left > 0; left -= buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      if (stream.read(buffer) <= 0) {
        throw new EOFException("the stream ends " + left + " bytes early");
      }
      buffer.flip();
      digest.update(buffer.duplicate());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

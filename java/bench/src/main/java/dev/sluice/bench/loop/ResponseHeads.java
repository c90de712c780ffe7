package dev.sluice.bench.loop;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The heads of responses, in memory. A response is one piece of the file: its first 200 bytes are
 * the head, and the rest is sent from the file. So what arrives is the file, as in other cells.
 */
public final class ResponseHeads {
  /** The bytes of a head: as many as the head of a small response of HTTP has. */
  public static final int BYTES = 200;

  private ByteBuffer heads = ByteBuffer.allocateDirect(0);
  private long piece;

  /** Reads the heads of all pieces of a region, unless they have been read. */
  public void read(FileChannel file, long region, long ofPiece) throws IOException {
    int bytes = Math.toIntExact((region + ofPiece - 1) / ofPiece * BYTES);
    if (piece == ofPiece && heads.capacity() >= bytes) {
      return;
    }
    piece = ofPiece;
    heads = ByteBuffer.allocateDirect(bytes);
    for (long start = 0; start < region; start += ofPiece) {
      ByteBuffer head = of(start, Math.min(start + ofPiece, region));
      while (head.hasRemaining()) {
        if (file.read(head, start + head.position() - at(start)) < 0) {
          throw new EOFException("the file is shorter than " + region);
        }
      }
    }
  }

  private int at(long start) {
    return (int) (start / piece) * BYTES;
  }

  /** The head of the piece that begins at {@code start} and ends before {@code end}. */
  public ByteBuffer of(long start, long end) {
    int at = at(start);
    return heads.duplicate().position(at).limit(at + (int) Math.min(BYTES, end - start));
  }

  /** All heads, each {@link #BYTES} behind the one before. */
  public ByteBuffer all() {
    return heads;
  }
}

package dev.sluice.internal.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The target of bytes that cannot be read again. A sink stores every byte it is given, or fails.
 */
abstract class Sink {
  /** The bytes that have reached the target. */
  long storedBytes;

  /** How many of {@code count} bytes the target can take at all. */
  long capacity(long count) throws IOException {
    return count;
  }

  /**
   * How many bytes the loop is to take from the source next, given that the buffers have room for
   * {@code size}.
   */
  int nextSize(int size) {
    return size;
  }

  /**
   * Stores all bytes of a buffer.
   *
   * @param isShared whether foreign code was shown the buffer and may still change it
   */
  abstract void store(ByteBuffer given, boolean isShared) throws IOException;

  /** Stores what is left. Nothing more is taken from the source. */
  void finish() throws IOException {}
}

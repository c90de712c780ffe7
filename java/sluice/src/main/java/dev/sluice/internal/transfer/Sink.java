package dev.sluice.internal.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The target of bytes that cannot be read again. A sink stores every byte it is given, or fails.
 */
abstract class Sink {
  /** The bytes that have reached the target. */
  long stored;

  /** How many of {@code count} bytes the target can take at all. */
  long most(long count) throws IOException {
    return count;
  }

  /**
   * How many bytes the loop is to take from the source next, given that the buffers have room for
   * {@code size}.
   */
  int next(int size) {
    return size;
  }

  /**
   * Stores all bytes of a buffer.
   *
   * @param isShown whether foreign code was shown the buffer and may still change it
   */
  abstract void take(ByteBuffer given, boolean isShown) throws IOException;

  /** Stores what is left. Nothing more is taken from the source. */
  void end() throws IOException {}
}

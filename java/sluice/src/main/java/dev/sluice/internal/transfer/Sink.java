package dev.sluice.internal.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where bytes go that cannot be read again: it takes all of them, or fails. */
abstract class Sink {
  /** The bytes that have arrived. */
  long stored;

  /** How many of {@code count} bytes it can take at all. */
  long most(long count) throws IOException {
    return count;
  }

  /** How many bytes, of {@code size}, it wants next. */
  int next(int size) {
    return size;
  }

  /**
   * Takes all of a buffer.
   *
   * @param isShown whether others may have it as well
   */
  abstract void take(ByteBuffer given, boolean isShown) throws IOException;

  /** There is no more. */
  void end() throws IOException {}
}

package dev.sluice.bench.loop;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * One way to move a file's pieces.
 *
 * <p>Each class holds its own loop, and the transfer of a piece in a method of its own. The loop is
 * entered a handful of times and stays in the compiler's on-stack replacement. The method is called
 * thousands of times and gets compiled as any hot method does. {@link FreshLoopClass} sees to it
 * that no two implementations share either.
 */
public interface Loop extends Closeable {
  /** What a loop written by hand reads at a time. */
  int BUFFER_BYTES = 256 * 1024;

  /**
   * Moves the first {@code region} bytes, in calls that ask for {@code piece} bytes each. A call
   * that moves less is continued.
   *
   * @throws EOFException if the bytes end early
   */
  void run(OpenChannels channels, long region, long piece) throws IOException;

  /**
   * Opens what the loop keeps from one run to the next, so that this is not timed. A run without it
   * opens the same by itself.
   */
  default void prepare() throws IOException {}

  /** Gives back what the loop keeps. The loop may be prepared and run again. */
  @Override
  default void close() throws IOException {}

  /** The bytes that a transfer moved, which must be more than none. */
  static long progress(long moved) throws EOFException {
    if (moved <= 0) {
      throw new EOFException("a transfer answered " + moved + " before its piece was complete");
    }
    return moved;
  }
}

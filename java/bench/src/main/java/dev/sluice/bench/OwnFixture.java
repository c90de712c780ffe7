package dev.sluice.bench;

import dev.sluice.bench.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A fixture that only one implementation can take, because its connection is an object of that
 * implementation's: the loop comes with it.
 */
interface OwnFixture extends Fixture, Loop {
  /** Opens such fixtures, one for each connection; they may share what serves them. */
  interface Opener {
    OwnFixture open(Path file, Path targetDirectory) throws IOException;
  }

  /** CPU time of the thread that works on it. */
  long cpuNanos() throws IOException;

  /**
   * Times single calls, each from its begin until it is known to have ended, in the thread that
   * works on it. Each moves the first {@code piece} bytes.
   *
   * @param micros filled, an element for each call
   * @return the bytes that the thread allocated meanwhile
   */
  long timeCalls(long piece, double[] micros) throws IOException;

  /** For good. */
  @Override
  void close() throws IOException;
}

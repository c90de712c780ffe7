package dev.sluice.bench;

import dev.sluice.bench.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A route that only one contender can take, because its connection is an object of that
 * contender's: the loop comes with it.
 */
interface OwnRoute extends Route, Loop {
  /** Opens such a route. */
  interface Opener {
    OwnRoute open(Path file, Path targetDirectory) throws IOException;
  }

  /** CPU time of the threads that work on it. */
  long cpuNanos() throws IOException;
}

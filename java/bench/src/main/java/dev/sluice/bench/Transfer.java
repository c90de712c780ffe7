package dev.sluice.bench;

import java.io.IOException;

/** Something that moves bytes when it is run. */
@FunctionalInterface
interface Transfer {
  void run() throws IOException;
}

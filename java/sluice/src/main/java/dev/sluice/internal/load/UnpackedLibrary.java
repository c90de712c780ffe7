package dev.sluice.internal.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A library of the jar while it is loaded: a file that nobody else can change. */
interface UnpackedLibrary extends Closeable {
  /** The absolute path that {@code System.load} is given. */
  Path path();

  /** Removes the file. The mapping of the dynamic linker stays. */
  @Override
  void close() throws IOException;
}

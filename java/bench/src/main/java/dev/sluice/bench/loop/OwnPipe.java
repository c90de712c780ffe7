package dev.sluice.bench.loop;

import dev.sluice.bench.Native;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Pipe;

/** A pipe of 1 MiB, or as much as the user may have, that bytes are spliced through. */
final class OwnPipe implements Closeable {
  private final Pipe pipe;

  /** The descriptor that is read. */
  final int reader;

  /** The descriptor that is written. */
  final int writer;

  OwnPipe() throws IOException {
    pipe = Pipe.open();
    reader = Native.selectableDescriptor0(pipe.source());
    writer = Native.selectableDescriptor0(pipe.sink());
    try {
      Native.checked("F_SETPIPE_SZ", Native.growPipe0(writer));
    } catch (IOException e) {
      try (this) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      pipe.source().close();
    } finally {
      pipe.sink().close();
    }
  }
}

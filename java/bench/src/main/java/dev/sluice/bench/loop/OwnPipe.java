package dev.sluice.bench.loop;

import dev.sluice.bench.measure.ChannelDescriptor;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Pipe;

/** A pipe that bytes are spliced through. It holds 1 MiB, or as much as the user may have. */
public final class OwnPipe implements Closeable {
  private final Pipe pipe;

  /** The descriptor that is read. */
  public final int reader;

  /** The descriptor that is written. */
  public final int writer;

  OwnPipe() throws IOException {
    pipe = Pipe.open();
    reader = ChannelDescriptor.of(pipe.source());
    writer = ChannelDescriptor.of(pipe.sink());
    try {
      NativeLibrary.checked("F_SETPIPE_SZ", growPipe0(writer));
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

  /** Widens a pipe to 1 MiB, or to as much as the user may have, and answers its size in bytes. */
  private static native long growPipe0(int pipe);
}

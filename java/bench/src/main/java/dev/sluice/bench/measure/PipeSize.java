package dev.sluice.bench.measure;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** The size of a pipe, which Java can neither read nor choose. Sizes are in bytes. */
public final class PipeSize {
  private PipeSize() {}

  /** The size of the pipe that a channel belongs to. */
  public static long of(SelectableChannel end) throws IOException {
    return NativeLibrary.checked("F_GETPIPE_SZ", size0(ChannelDescriptor.of(end)));
  }

  /**
   * Gives a pipe a size.
   *
   * @throws IOException if the user may not have a pipe of that size
   */
  public static void resize(SelectableChannel end, int bytes) throws IOException {
    NativeLibrary.checked("F_SETPIPE_SZ", resize0(ChannelDescriptor.of(end), bytes));
  }

  private static native long size0(int pipe);

  private static native long resize0(int pipe, int bytes);
}

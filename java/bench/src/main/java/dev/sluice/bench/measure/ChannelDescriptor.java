package dev.sluice.bench.measure;

import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;

/** The number of the file descriptor behind a channel of the JDK. */
public final class ChannelDescriptor {
  private ChannelDescriptor() {}

  public static int of(FileChannel channel) {
    return fileDescriptor0(channel);
  }

  public static int of(SelectableChannel channel) {
    return selectableDescriptor0(channel);
  }

  private static native int fileDescriptor0(FileChannel channel);

  private static native int selectableDescriptor0(SelectableChannel channel);
}

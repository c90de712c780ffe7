package dev.sluice.bench.loop;

import dev.sluice.bench.measure.ChannelDescriptor;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * The open source and target that a loop is given, and their descriptors for the loops in C and
 * through the linker. Where the calls take paths, the two paths instead.
 */
public record OpenChannels(
    ReadableByteChannel source,
    WritableByteChannel target,
    int sourceDescriptor,
    int targetDescriptor,
    Path sourcePath,
    Path targetPath) {

  private static final int NONE = -1;

  public static OpenChannels of(ReadableByteChannel source, WritableByteChannel target) {
    return new OpenChannels(source, target, descriptor(source), descriptor(target), null, null);
  }

  public static OpenChannels of(Path source, Path target) {
    return new OpenChannels(null, null, NONE, NONE, source, target);
  }

  public FileChannel sourceFile() {
    return (FileChannel) source;
  }

  public FileChannel targetFile() {
    return (FileChannel) target;
  }

  /** Goes back to the beginning of files that are read or written at their own position. */
  public void rewind() throws IOException {
    rewind(source);
    rewind(target);
  }

  private static void rewind(Channel channel) throws IOException {
    if (channel instanceof FileChannel file) {
      file.position(0);
    }
  }

  private static int descriptor(Channel channel) {
    if (channel instanceof FileChannel file) {
      return ChannelDescriptor.of(file);
    }
    return channel instanceof SelectableChannel selectable
        ? ChannelDescriptor.of(selectable)
        : NONE;
  }
}

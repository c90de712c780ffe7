package dev.sluice.bench.loop;

import dev.sluice.bench.Native;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The open source and target of a cell, at least one of them a file, and their descriptors for the
 * loops in C.
 */
public record Ends(
    ReadableByteChannel source,
    WritableByteChannel target,
    int sourceDescriptor,
    int targetDescriptor) {

  public static Ends of(ReadableByteChannel source, WritableByteChannel target) {
    return new Ends(source, target, descriptor(source), descriptor(target));
  }

  public FileChannel sourceFile() {
    return (FileChannel) source;
  }

  public FileChannel targetFile() {
    return (FileChannel) target;
  }

  /** Back to the beginning of a target that is written at its own position. */
  public void rewind() throws IOException {
    if (target instanceof FileChannel file) {
      file.position(0);
    }
  }

  private static int descriptor(Object channel) {
    return channel instanceof FileChannel file
        ? Native.fileDescriptor0(file)
        : Native.socketDescriptor0((SocketChannel) channel);
  }
}

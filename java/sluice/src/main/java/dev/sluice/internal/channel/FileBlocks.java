package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which files are read and written by whole blocks: those that were opened with {@code
 * com.sun.nio.file.ExtendedOpenOption.DIRECT}.
 */
public final class FileBlocks {
  /** Nothing has to be whole. */
  public static final int NONE = 0;

  /**
   * {@code O_DIRECT} on x86-64, and {@code O_DIRECTORY} on aarch64; and the same two the other way
   * round. No file that is a channel is a directory.
   */
  private static final int O_DIRECT = 0x4000 | 0x10000;

  private FileBlocks() {}

  /**
   * The bytes in a block, as the JDK checks them before the kernel does: {@code f_frsize} of {@code
   * statvfs(3)}.
   *
   * @return {@link #NONE} where any number of bytes will do
   */
  public static int sizeOf(FileChannel file) throws IOException {
    if (!NativeLoader.isAvailable() || !FileGuards.isFile(file)) {
      return NONE;
    }
    if (FileGuards.BLOCKS) {
      return Math.max(NONE, FileGuards.alignment(file));
    }
    int fd = NativeChannel.descriptor(file);
    int flags = NativeDescriptor.flags(fd);
    int size = flags >= 0 && (flags & O_DIRECT) != 0 ? sizeOf(fd) : NONE;
    // Closed meanwhile, its number may be another's already.
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    return size;
  }

  private static int sizeOf(int fd) {
    try {
      long size = Files.getFileStore(Path.of("/proc/self/fd/" + fd)).getBlockSize();
      return Math.toIntExact(size);
    } catch (IOException | ArithmeticException e) {
      // Without /proc, or closed meanwhile. No device in use has larger blocks.
      return DirectBuffers.ALIGNMENT;
    }
  }

  /** The offset of the block that a byte lies in. */
  public static long start(long at, int block) {
    return at - at % block;
  }

  /** So many bytes or up to a block more, in whole blocks. */
  public static long up(long bytes, int block) {
    return start(bytes + block - 1, block);
  }
}

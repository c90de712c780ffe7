package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.Machine;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.jdk.Privileged;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The block size of files that are read and written in whole blocks: files that were opened with
 * {@code com.sun.nio.file.ExtendedOpenOption.DIRECT}.
 */
public final class FileBlocks {
  /** The block size of a file for which any number of bytes will do. */
  public static final int NONE = 0;

  private FileBlocks() {}

  /**
   * The size of a block in bytes: {@code f_frsize} of {@code statvfs(3)}, by which the JDK checks a
   * transfer before the kernel does.
   *
   * @return {@link #NONE} if any number of bytes will do
   */
  public static int sizeOf(FileChannel file) throws IOException {
    if (!NativeLoader.isAvailable() || !FileGuards.isFile(file)) {
      return NONE;
    }
    if (FileGuards.BLOCKS) {
      return Math.max(NONE, FileGuards.alignment(file));
    }
    int fd = DescriptorNumber.of(file);
    int flags = NativeDescriptor.flags(fd);
    int size = flags >= 0 && (flags & Machine.O_DIRECT) != 0 ? sizeOf(fd) : NONE;
    // If the channel was closed meanwhile, its number may belong to another file already.
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    return size;
  }

  private static int sizeOf(int fd) {
    return Privileged.orElse(() -> readSize(fd), DirectBuffers.ALIGNMENT);
  }

  private static int readSize(int fd) {
    try {
      long size = Files.getFileStore(Path.of("/proc/self/fd/" + fd)).getBlockSize();
      return Math.toIntExact(size);
    } catch (IOException | ArithmeticException e) {
      // There is no /proc, or the file was closed meanwhile. No device in use has larger blocks.
      return DirectBuffers.ALIGNMENT;
    }
  }

  /** The offset of the block that contains the byte at {@code at}. */
  public static long blockStart(long at, int block) {
    return at - at % block;
  }

  /** A number of bytes rounded up to whole blocks. */
  public static long roundUp(long bytes, int block) {
    return blockStart(bytes + block - 1, block);
  }
}

package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.FileGuards;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * What a file was opened for, according to the JDK's own fields or to {@code F_GETFL} of {@code
 * fcntl(2)}.
 */
public final class AccessMode {
  /** {@code O_ACCMODE} and its values, from {@code open(2)}. */
  private static final int O_ACCMODE = 3;

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;

  private AccessMode() {}

  /** Whether a file was opened for reading. */
  public static boolean isReadable(FileChannel file) throws IOException {
    return FileGuards.FILES ? FileGuards.isReadable(file) : accessMode(file) != O_WRONLY;
  }

  /** Whether a file was opened for writing. */
  public static boolean isWritable(FileChannel file) throws IOException {
    return FileGuards.FILES ? FileGuards.isWritable(file) : accessMode(file) != O_RDONLY;
  }

  private static int accessMode(FileChannel file) throws IOException {
    int flags = NativeDescriptor.flags(DescriptorNumber.of(file));
    // If the channel was closed meanwhile, its number may belong to another file already.
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    if (flags < 0) {
      throw Errno.exception(-flags, "fcntl(F_GETFL)");
    }
    return flags & O_ACCMODE;
  }
}

package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeCopy;
import dev.sluice.internal.boundary.NativeDescriptor;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * A file as it was when the snapshot was made, as the source of a transfer: a file without a name
 * that shares its extents. A close of the file's own channel ends the transfer.
 */
public final class Snapshot extends UnwaitedSource implements AutoCloseable {
  private static final String WHERE =
      "a snapshot needs a file system that shares extents, such as XFS and btrfs, and a directory"
          + " in which the process may create a file: copy the file, or leave the option out";

  private final int fd;

  private Snapshot(FileChannel file, int fd, long position) {
    super(position, file);
    this.fd = fd;
  }

  /**
   * Makes a snapshot of a file.
   *
   * @throws UnsupportedOperationException if the file system or the directory does not allow one
   */
  public static Snapshot of(FileChannel file, long position) throws IOException {
    Endpoint whole = Endpoints.file(file, position);
    boolean isMade = false;
    try {
      whole.begin(false);
      int own = whole.enter();
      if (own < 0) {
        throw new AsynchronousCloseException();
      }
      try {
        long made = NativeCopy.snapshot(own);
        if (made < 0) {
          String why = Answer.call(made) + ": " + Errno.name(Answer.errno(made));
          throw new UnsupportedOperationException(why + " (" + WHERE + ")");
        }
        isMade = true;
        return new Snapshot(file, (int) made, position);
      } finally {
        whole.leave();
      }
    } finally {
      whole.end(isMade);
    }
  }

  @Override
  public void begin(boolean hook) throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int enter() {
    return channel.isOpen() ? fd : -1;
  }

  @Override
  public void leave() {}

  /** A snapshot has pages of its own, and none of them when it is made. */
  @Override
  public boolean mayBeCold() {
    return true;
  }

  /** A close of the channel signals nobody who uses the snapshot. */
  @Override
  public boolean mayWaitUnseen() {
    return true;
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (!completed && !channel.isOpen()) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public void close() {
    NativeDescriptor.close(fd);
  }
}

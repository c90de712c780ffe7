package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.NativeWait;
import dev.sluice.internal.jdk.FileGuards;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that is held by the guards of the JDK's own {@code FileChannelImpl}. While a thread is in
 * the file's thread set, {@code close()} signals the thread and waits before it releases the
 * descriptor.
 */
final class GuardedFile extends Endpoint {
  private final FileChannel file;
  private int index;
  private boolean hooked;

  private GuardedFile(FileChannel file, int kind, long position, @Nullable ReentrantLock turn) {
    super(kind, position, file, turn);
    this.file = file;
  }

  /** A file at an offset in bytes, or at its own position. */
  static Endpoint of(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return new GuardedFile(file, FILE, position, turn);
  }

  /**
   * A FIFO or a terminal that is read. A transfer waits for it, and bytes that were read are gone
   * from it.
   */
  static Endpoint ofStream(FileChannel file, ReentrantLock turn) {
    return new GuardedFile(file, PIPE, NativeTransfer.OWN_OFFSET, turn);
  }

  @Override
  public void begin(boolean hook) throws IOException {
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    if (hook) {
      hooked = true;
      FileGuards.begin(file);
    }
  }

  @Override
  public int enter() {
    index = FileGuards.enter(file);
    if (file.isOpen()) {
      return FileGuards.descriptor(file);
    }
    leave();
    return -1;
  }

  @Override
  public void leave() {
    FileGuards.leave(file, index);
  }

  @Override
  public boolean isBlocking() {
    return kind != FILE;
  }

  @Override
  public boolean mayBeCold() {
    return kind == FILE;
  }

  @Override
  public @Nullable Endpoint forReadAhead() {
    return kind == FILE ? of(file, position, null) : null;
  }

  @Override
  public boolean isSharedWithReaders() {
    return kind != FILE;
  }

  /** False: the JDK never makes a file's descriptor non-blocking, not even for virtual threads. */
  @Override
  public boolean isPolled() {
    return false;
  }

  @Override
  public void await(int millis) {
    int fd = kind == FILE ? -1 : enter();
    if (fd >= 0) {
      try {
        NativeWait.poll(fd, NativeWait.POLLIN, millis);
      } finally {
        leave();
      }
    }
  }

  @Override
  public void park() {
    await(WAIT_MILLIS);
  }

  @Override
  public void end(boolean completed) throws IOException {
    if (hooked) {
      hooked = false;
      FileGuards.end(file, completed);
    } else if (!completed && !file.isOpen()) {
      throw new AsynchronousCloseException();
    }
  }
}

package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file under the guard of the JDK's own {@code FileChannelImpl}: while a thread is in the file's
 * thread set, {@code close()} signals it and waits before it gives the descriptor back.
 */
final class GuardedFile extends Endpoint {
  private final FileChannel file;
  private final @Nullable ReentrantLock turn;
  private int index;
  private boolean hooked;

  private GuardedFile(FileChannel file, int kind, long position, @Nullable ReentrantLock turn) {
    super(kind, position);
    this.file = file;
    this.turn = turn;
  }

  static GuardedFile of(FileChannel file, long position, @Nullable ReentrantLock turn) {
    return new GuardedFile(file, FILE, position, turn);
  }

  /** A FIFO or a terminal that is read: it is waited for, and what was read is gone from it. */
  static GuardedFile ofStream(FileChannel file, ReentrantLock turn) {
    return new GuardedFile(file, PIPE, Native.OWN_OFFSET, turn);
  }

  @Override
  Channel channel() {
    return file;
  }

  @Override
  @Nullable ReentrantLock turn() {
    return turn;
  }

  @Override
  void begin(boolean hook) throws IOException {
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    if (hook) {
      hooked = true;
      JdkChannels.begin(file);
    }
  }

  @Override
  int enter() {
    index = JdkChannels.enter(file);
    if (file.isOpen()) {
      return JdkChannels.number(file);
    }
    leave();
    return -1;
  }

  @Override
  void leave() {
    JdkChannels.leave(file, index);
  }

  @Override
  boolean isBlocking() {
    return kind != FILE;
  }

  @Override
  boolean isSharedWithReaders() {
    return kind != FILE;
  }

  /** The JDK leaves the descriptor of a file as it is, also for virtual threads. */
  @Override
  boolean isPolled() {
    return false;
  }

  @Override
  void await(int millis) {
    int fd = kind == FILE ? -1 : enter();
    if (fd >= 0) {
      try {
        Native.poll(fd, Native.POLLIN, millis);
      } finally {
        leave();
      }
    }
  }

  @Override
  void park() {
    await(WAIT_MILLIS);
  }

  @Override
  void end(boolean completed) throws IOException {
    if (hooked) {
      hooked = false;
      JdkChannels.end(file, completed);
    } else if (!completed && !file.isOpen()) {
      throw new AsynchronousCloseException();
    }
  }
}

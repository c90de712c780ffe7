package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeReadAhead;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The next part of a file, read into the page cache by a platform thread while a virtual thread
 * waits. The reader holds the file by an endpoint of its own, so that the virtual thread need not
 * wait for it.
 */
public final class ReadAhead implements Runnable {
  /** How much is read at once, in bytes, where the disk is fast. */
  private static final long MOST_BYTES = 4 << 20;

  /** After this time the virtual thread goes on with what there is. */
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** What takes longer was not in the page cache. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Endpoint file;
  private final long most;
  private final Thread waiter = Thread.currentThread();
  private volatile boolean isAbandoned;
  private volatile boolean isDone;
  private long bytes;
  private boolean isImpossible;
  private boolean isSlow;

  /**
   * Bytes to be read ahead for the current thread.
   *
   * @param file an endpoint of the reader's own
   * @param count how many bytes the transfer wants
   */
  public ReadAhead(Endpoint file, long count) {
    this.file = file;
    most = Math.min(count, MOST_BYTES);
  }

  /**
   * Begins to read.
   *
   * @return whether there is a thread to do it; if not, nothing can be read ahead
   */
  boolean start() {
    isImpossible = !WaitingThreads.run(this);
    return !isImpossible;
  }

  boolean isDone() {
    return isDone;
  }

  /** Tells the reader that nobody waits any more. It ends when the kernel lets it. */
  void abandon() {
    isAbandoned = true;
  }

  /** How many bytes can be moved without a wait. 0 tells of the file's end, or of a failure. */
  public long bytes() {
    return bytes;
  }

  /** Whether nothing can be read ahead: the file passes the page cache, or there is no thread. */
  public boolean isImpossible() {
    return isImpossible;
  }

  /** Whether the bytes came from the disk, in all likelihood. */
  public boolean isSlow() {
    return isSlow;
  }

  @Override
  public void run() {
    try {
      if (!isAbandoned) {
        read();
      }
    } catch (IOException | RuntimeException | Error e) {
      // The transfer finds out by itself.
    } finally {
      isDone = true;
      LockSupport.unpark(waiter);
    }
  }

  private void read() throws IOException {
    try {
      file.begin(false);
      int fd = file.enter();
      if (fd >= 0) {
        try {
          read(fd);
        } finally {
          file.leave();
        }
      }
    } finally {
      file.end(true);
    }
  }

  private void read(int fd) {
    long begun = System.nanoTime();
    long nanos = 0;
    while (bytes < most && nanos < LONGEST_NANOS && !isAbandoned && file.isUsable()) {
      long read = NativeReadAhead.read(fd, file.position, bytes, most - bytes);
      nanos = System.nanoTime() - begun;
      if (read <= 0 && read != -Errno.EINTR.number) {
        isImpossible = read == -Errno.EOPNOTSUPP.number;
        break;
      }
      bytes += Math.max(0, read);
    }
    isSlow = nanos > SLOW_NANOS;
  }
}

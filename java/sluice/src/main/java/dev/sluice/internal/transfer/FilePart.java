package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.channel.AccessMode;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.FileBlocks;
import dev.sluice.internal.load.NativeLoader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;

/** A part of a file in a {@link Response}. */
final class FilePart extends ResponsePart {
  private final FileChannel file;
  private final long position;

  /** Whether Sluice knows the file's descriptor and can hold it. */
  private final boolean isHeld;

  /** Whether it is open with {@code O_DIRECT}; known once {@link #ensureUsable} was called. */
  private boolean isDirect;

  FilePart(FileChannel file, long position, long count) {
    super(count);
    this.file = file;
    this.position = position;
    isHeld = NativeLoader.isAvailable() && Endpoints.isFile(file) && Endpoints.canHoldFiles();
  }

  @Override
  protected void ensureUsable() throws IOException {
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
    if (isHeld && !AccessMode.isReadable(file)) {
      throw new NonReadableChannelException();
    }
    isDirect = FileBlocks.sizeOf(file) != FileBlocks.NONE;
  }

  @Override
  protected void ensureThere() throws IOException {
    long end = file.size();
    if (position > end - size) {
      throw missing(size - Math.max(0, end - position));
    }
  }

  /** The failure of a file that has fewer bytes than its part. */
  static EOFException missing(long bytes) {
    return new EOFException("the file ends " + bytes + " bytes before its part of the composite");
  }

  @Override
  protected void copy(long offset, ByteBuffer target, long address) throws IOException {
    int count = (int) Math.min(target.remaining(), size - offset);
    if (isHeld && address != ON_HEAP) {
      long read = read(offset, address + target.position(), count);
      if (read < count) {
        throw missing(size - offset - read);
      }
      target.position(target.position() + count);
      return;
    }
    int end = target.limit();
    target.limit(target.position() + count);
    while (target.hasRemaining()) {
      long done = offset + count - target.remaining();
      if (file.read(target, position + done) < 0) {
        throw missing(size - done);
      }
    }
    target.limit(end);
  }

  /**
   * Reads by the file's guards, but without its interrupt hook: a thread has room for one hook, and
   * that belongs to the socket.
   */
  private long read(long offset, long address, int count) throws IOException {
    Endpoint source = Endpoints.file(file, position + offset);
    boolean isRead = false;
    try {
      source.begin(false);
      int fd = source.enter();
      if (fd < 0) {
        throw new AsynchronousCloseException();
      }
      try {
        long read = read(fd, position + offset, address, count);
        isRead = true;
        return read;
      } finally {
        source.leave();
      }
    } finally {
      source.end(isRead);
    }
  }

  private static long read(int fd, long position, long address, int count) throws IOException {
    long read = NativeDescriptor.read(fd, position, address, count);
    if (read < 0) {
      throw Errno.exception((int) -read, "pread");
    }
    return read;
  }

  /** False of a file that is open with {@code O_DIRECT}. */
  @Override
  protected boolean isJoinable() {
    return !isDirect;
  }

  /** False of another provider's file, whose own read may do anything. */
  @Override
  protected boolean isHeld() {
    return isHeld;
  }

  @Override
  protected boolean isFile() {
    return true;
  }

  @Override
  protected boolean isInMemory() {
    return false;
  }

  @Override
  protected Endpoint source(long offset) {
    return Endpoints.file(file, position + offset);
  }
}

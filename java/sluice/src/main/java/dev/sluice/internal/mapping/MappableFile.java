package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.channel.AccessMode;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.FileOpener;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The file whose part is mapped: a channel, or a descriptor of the region's own. */
interface MappableFile {
  /**
   * A call with the file's descriptor, which answers 0 or more, or an error that {@link Answer}
   * reads.
   */
  interface Call {
    long by(int fd);
  }

  /** Opens a file for reading, or for reading and writing. */
  static MappableFile open(Path path, boolean isWritten) throws IOException {
    if (FileOpener.isOfDefaultFileSystem(path)) {
      return new OfPath(path, isWritten);
    }
    Set<StandardOpenOption> how =
        isWritten
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(StandardOpenOption.READ);
    FileChannel channel = FileChannel.open(path, how);
    MappableFile file = new OfChannel(channel, true);
    boolean isMappable = false;
    try {
      file.check(isWritten);
      isMappable = true;
    } finally {
      if (!isMappable) {
        channel.close();
      }
    }
    return file;
  }

  /** Checks that the file can be mapped for reading, or for reading and writing. */
  void check(boolean isWritten) throws IOException;

  /** Whether the file is open for writing. */
  boolean isWritable() throws IOException;

  /** The file's size in bytes. */
  long size() throws IOException;

  /** The file's size in bytes, or -1 if the file is closed. */
  long sizeIfOpen() throws IOException;

  /** Runs a call with the file's descriptor. */
  long call(Call call) throws IOException;

  /** Closes the file if the region has opened it. */
  void close() throws IOException;

  /**
   * The file of a channel, used under the channel's guards. An interrupt closes the channel, as in
   * the JDK.
   */
  record OfChannel(FileChannel channel, boolean isOwn) implements MappableFile {
    @Override
    public void check(boolean isWritten) throws IOException {
      if (!Endpoints.isFile(channel)) {
        throw new UnsupportedOperationException(channel.getClass() + " has no descriptor");
      }
      if (isWritten && !AccessMode.isWritable(channel)) {
        throw new NonWritableChannelException();
      }
      if (!AccessMode.isReadable(channel)) {
        throw new NonReadableChannelException();
      }
    }

    @Override
    public boolean isWritable() throws IOException {
      return AccessMode.isWritable(channel);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public long sizeIfOpen() throws IOException {
      return channel.isOpen() ? channel.size() : -1;
    }

    @Override
    public long call(Call call) throws IOException {
      Endpoint endpoint = Endpoints.file(channel, 0);
      boolean completed = false;
      try {
        endpoint.begin(true);
        int fd = endpoint.enter();
        if (fd < 0) {
          throw new AsynchronousCloseException();
        }
        try {
          long answer = call.by(fd);
          completed = true;
          return answer;
        } finally {
          endpoint.leave();
        }
      } finally {
        endpoint.end(completed);
      }
    }

    @Override
    public void close() throws IOException {
      if (isOwn) {
        channel.close();
      }
    }
  }

  /**
   * A file with a descriptor in the second descriptor table. No interrupt closes the descriptor,
   * and its close releases no lock of the process.
   */
  final class OfPath implements MappableFile {
    private final Path path;
    private final boolean isWritable;
    private final int fd;
    private boolean isClosed;

    OfPath(Path path, boolean isWritable) throws IOException {
      this.path = path;
      this.isWritable = isWritable;
      fd = isWritable ? FileOpener.toReadAndWrite(path) : FileOpener.toRead(path, true);
    }

    @Override
    public void check(boolean isWritten) {}

    @Override
    public boolean isWritable() {
      return isWritable;
    }

    @Override
    public long size() throws IOException {
      return MapFailure.checked(call(NativeDescriptor::size), path.toString());
    }

    @Override
    public synchronized long sizeIfOpen() throws IOException {
      return isClosed ? -1 : size();
    }

    @Override
    public synchronized long call(Call call) throws IOException {
      if (isClosed) {
        throw new ClosedChannelException();
      }
      return call.by(fd);
    }

    @Override
    public synchronized void close() throws IOException {
      if (!isClosed) {
        isClosed = true;
        int answer = NativeDescriptor.close(fd);
        if (answer < 0) {
          throw Errno.exception(-answer, "close");
        }
      }
    }
  }
}

package dev.sluice.tests.transfer;

import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Tools;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A transfer that stalls, because its target is full and nobody reads, or its source gives no more.
 */
enum StalledRoute {
  FILE_TO_TCP(Kind.FILE, Kind.TCP),
  FILE_TO_UNIX(Kind.FILE, Kind.UNIX),
  FILE_TO_PIPE(Kind.FILE, Kind.PIPE),
  TCP_TO_TCP(Kind.TCP, Kind.TCP),
  UNIX_TO_PIPE(Kind.UNIX, Kind.PIPE),
  PIPE_TO_TCP(Kind.PIPE, Kind.TCP),
  TCP_TO_FILE(Kind.TCP, Kind.FILE),
  UNIX_TO_FILE(Kind.UNIX, Kind.FILE),
  PIPE_TO_FILE(Kind.PIPE, Kind.FILE),
  FILE_TO_FIFO(Kind.FILE, Kind.FIFO),
  UNIX_TO_FIFO(Kind.UNIX, Kind.FIFO);

  /** More than all buffers on the way hold. */
  private static final int BYTES = 24 << 20;

  /** What a source gives before it stalls. */
  private static final int FIRST = 10_000;

  private enum Kind {
    FILE,
    TCP,
    UNIX,
    PIPE,
    /** Opened by its path, as a file. */
    FIFO
  }

  private final Kind source;
  private final Kind target;

  StalledRoute(Kind source, Kind target) {
    this.source = source;
    this.target = target;
  }

  Rig open(ChannelKinds channels) throws Exception {
    return new Rig(channels);
  }

  /** The channels of a route. */
  final class Rig {
    private final byte[] content = new byte[BYTES];
    private final WritableByteChannel feeder;
    private final ReadableByteChannel reader;
    private final Path file;
    final ReadableByteChannel from;
    final WritableByteChannel to;

    private Rig(ChannelKinds channels) throws Exception {
      new Random(ordinal()).nextBytes(content);
      Channel[] sources = ends(source, channels);
      Channel[] targets = ends(target, channels);
      if (source == Kind.FILE) {
        from = channels.keep(FileChannel.open(channels.path("source", content)));
        feeder = null;
      } else {
        from = (ReadableByteChannel) sources[1];
        feeder = (WritableByteChannel) sources[0];
      }
      if (target == Kind.FILE) {
        file = channels.path("target", new byte[0]);
        to = channels.keep(FileChannel.open(file, ChannelKinds.readWrite()));
        reader = null;
      } else {
        file = null;
        to = (WritableByteChannel) targets[0];
        reader = (ReadableByteChannel) targets[1];
      }
      if (feeder != null && target == Kind.FILE) {
        feed(0, FIRST);
      } else if (feeder != null) {
        ChannelPair.started(() -> feedAll(0));
      }
    }

    private static Channel[] ends(Kind kind, ChannelKinds channels) throws Exception {
      return switch (kind) {
        case FILE -> new Channel[2];
        case TCP -> channels.tcp();
        case UNIX -> channels.unix();
        case FIFO -> {
          Path path = channels.path("fifo", new byte[0]);
          Files.delete(path);
          Tools.run("mkfifo", path.toString());
          FutureTask<FileChannel> reading =
              ChannelPair.started(() -> new FileInputStream(path.toFile()).getChannel());
          FileChannel writing = new FileOutputStream(path.toFile()).getChannel();
          yield new Channel[] {channels.keep(writing), channels.keep(reading.get())};
        }
        case PIPE -> {
          Pipe pipe = Pipe.open();
          yield new Channel[] {channels.keep(pipe.sink()), channels.keep(pipe.source())};
        }
      };
    }

    private void feed(int start, int end) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(content, start, end - start);
      while (bytes.hasRemaining()) {
        feeder.write(bytes);
      }
    }

    private Void feedAll(int start) throws IOException {
      feed(start, BYTES);
      feeder.close();
      return null;
    }

    /** One transfer of what is left when {@code done} bytes have gone through. */
    long move(long done, TransferOption... options) throws IOException {
      if (from instanceof FileChannel source) {
        return Sluice.transferTo(source, done, BYTES - done, to, options);
      }
      return to instanceof FileChannel target && file != null
          ? Sluice.transferFrom(target, from, done, BYTES - done, options)
          : Sluice.transfer(from, to, BYTES - done, options);
    }

    /** The least bytes that a transfer has moved before it stalls. */
    long leastMoved() {
      return target == Kind.FILE ? FIRST : 1;
    }

    boolean areOpen() {
      return from.isOpen() && to.isOpen();
    }

    /** Lets the bytes flow again, moves those that are left, and answers whether all arrived. */
    boolean arrivesWhole(long done) throws Exception {
      FutureTask<byte[]> arrived =
          reader == null ? null : ChannelPair.started(() -> ChannelPair.drain(reader));
      if (feeder != null && target == Kind.FILE) {
        ChannelPair.started(() -> feedAll(FIRST));
      }
      long moved = done + move(done);
      to.close();
      byte[] all = arrived == null ? Files.readAllBytes(file) : arrived.get(20, TimeUnit.SECONDS);
      return moved == BYTES && Arrays.equals(all, content);
    }
  }
}

package dev.sluice.tests.channel;

import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The two channels of a case and what stands at their far ends: a peer that feeds, one that drains,
 * both, or none.
 */
final class GuardChannels implements AutoCloseable {
  /** The bytes of a transfer that never ends. */
  static final long ENDLESS = 1L << 40;

  private static final int PIECE = 64 * 1024;
  private static final long SETTLE_MILLIS = 50;
  private final GuardCase guardCase;
  private final ChannelKinds channels;

  /** Of a target that is a file; else null. */
  Path targetPath;

  Channel source;
  Channel target;
  Channel sourcePeer;
  Channel targetPeer;
  private FutureTask<Long> reader;
  private long filled;

  GuardChannels(GuardCase guardCase, Path directory) throws Exception {
    this.guardCase = guardCase;
    channels = new ChannelKinds(directory);
    open();
  }

  private void open() throws Exception {
    Channel[] sources = pair(guardCase.flow().source, true);
    Channel[] targets = pair(guardCase.flow().target, false);
    source = sources[0];
    sourcePeer = sources[1];
    target = targets[0];
    targetPeer = targets[1];
    boolean moves = guardCase.pace() == GuardCase.Pace.MOVING;
    if (sourcePeer != null && (moves || guardCase.flow().isFull)) {
      WritableByteChannel peer = (WritableByteChannel) sourcePeer;
      ChannelPair.started(() -> feed(peer, moves));
    }
    if (guardCase.pace() == GuardCase.Pace.FULL) {
      filled = fill((SelectableChannel) target);
    }
    switch (guardCase.flow().waits) {
      case FOR_SOURCE -> ((SelectableChannel) target).configureBlocking(false);
      case FOR_TARGET -> ((SelectableChannel) source).configureBlocking(false);
      default -> {}
    }
    if (targetPeer != null && moves) {
      ReadableByteChannel peer = (ReadableByteChannel) targetPeer;
      reader = ChannelPair.started(() -> drain(peer, true));
    }
  }

  /** The near end, and the far one where there is one. */
  private Channel[] pair(GuardCase.Kind kind, boolean isSource) throws Exception {
    return switch (kind) {
      case TCP -> channels.tcp();
      case UNIX -> channels.unix();
      case PIPE -> {
        Pipe pipe = Pipe.open();
        channels.keep(pipe.sink());
        channels.keep(pipe.source());
        yield isSource
            ? new Channel[] {pipe.source(), pipe.sink()}
            : new Channel[] {pipe.sink(), pipe.source()};
      }
      case FIFO -> {
        Path path = channels.path("fifo", new byte[0]);
        Files.delete(path);
        Tools.run("mkfifo", path.toString());
        // Each end waits for the other to be opened.
        FutureTask<FileChannel> peer =
            ChannelPair.started(() -> FileChannel.open(path, StandardOpenOption.READ));
        FileChannel near = channels.keep(FileChannel.open(path, StandardOpenOption.WRITE));
        Channel far = channels.keep(peer.get());
        Files.delete(path);
        yield new Channel[] {near, far};
      }
      case FILE -> {
        Path path = channels.path("guarded", new byte[0]);
        FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
        if (isSource) {
          file.write(ByteBuffer.allocate(1), ENDLESS - 1);
        } else {
          targetPath = path;
        }
        yield new Channel[] {file, null};
      }
    };
  }

  /**
   * The number of bytes that came out at the far end. Closes the near end, so that the stream ends.
   */
  long arrived() throws Exception {
    if (targetPath != null) {
      return Files.size(targetPath);
    }
    if (guardCase.act() == GuardCase.Act.PEER_RESET && targetPeer != null) {
      return -1;
    }
    target.close();
    long all =
        reader != null
            ? reader.get(GuardRun.HANGS_MILLIS, TimeUnit.MILLISECONDS)
            : drain((ReadableByteChannel) targetPeer, false);
    return all - filled;
  }

  /** Fills a channel until it takes no more bytes; returns the number of bytes. */
  private static long fill(SelectableChannel channel) throws Exception {
    channel.configureBlocking(false);
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long filled = 0;
    for (int refused = 0; refused < 2; ) {
      int written = ((WritableByteChannel) channel).write(bytes.clear());
      filled += written;
      if (written > 0) {
        refused = 0;
      } else {
        // The peer's acknowledgement, which comes up to 40 ms later, makes room once more.
        refused++;
        Thread.sleep(SETTLE_MILLIS);
      }
    }
    channel.configureBlocking(true);
    return filled;
  }

  private static long feed(WritableByteChannel peer, boolean slowly) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long fed = 0;
    try {
      while (true) {
        fed += peer.write(bytes.clear());
        if (slowly) {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      return fed;
    }
  }

  private static long drain(ReadableByteChannel peer, boolean slowly) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long drained = 0;
    try {
      for (int read; (read = peer.read(bytes.clear())) >= 0; ) {
        drained += read;
        if (slowly) {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      return drained;
    }
    return drained;
  }

  @Override
  public void close() throws IOException {
    channels.close();
    if (targetPath != null) {
      Files.delete(targetPath);
    }
  }
}

package dev.sluice.tests.support;

import dev.sluice.Mechanism;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * A pair of kinds of channel, and bytes of any number that go from one to the other.
 *
 * @param source what gives
 * @param target what takes
 * @param pulls whether a file pulls from a file, by {@code transferFrom}
 */
public record ChannelPair(Kind source, Kind target, boolean pulls) {
  /** Kinds of channel that have a descriptor. */
  public enum Kind {
    FILE,
    SOCKET,
    SOCKET_NON_BLOCKING,
    PIPE,
    PIPE_NON_BLOCKING;

    boolean isBlocking() {
      return this == SOCKET || this == PIPE;
    }

    boolean isSocket() {
      return this == SOCKET || this == SOCKET_NON_BLOCKING;
    }
  }

  public static List<ChannelPair> all() {
    List<ChannelPair> pairs = new ArrayList<>();
    for (Kind source : Kind.values()) {
      for (Kind target : Kind.values()) {
        pairs.add(new ChannelPair(source, target, target == Kind.FILE && source != Kind.FILE));
      }
    }
    pairs.add(new ChannelPair(Kind.FILE, Kind.FILE, true));
    return pairs;
  }

  boolean isFileToFile() {
    return source == Kind.FILE && target == Kind.FILE;
  }

  /** Whether a mechanism makes its own system call for this pair, unless the kernel refuses. */
  public boolean isServedBy(Mechanism mechanism) {
    return switch (mechanism) {
      case SENDFILE -> source == Kind.FILE && !pulls;
      case MMAP_WRITE -> source == Kind.FILE;
      case DIRECT_IO -> source == Kind.FILE || target == Kind.FILE;
      case COPY_FILE_RANGE, REFLINK -> isFileToFile();
      case SPLICE -> {
        boolean sockets = source.isSocket() && target.isSocket();
        yield !isFileToFile() && (!sockets || source.isBlocking() && target.isBlocking());
      }
      // Listed by name, so that a new mechanism does not compile before it is thought of here.
      case AUTO, READ_WRITE -> true;
    };
  }

  /** Opens both sides: the source gives the content and then ends. */
  public Opened open(ChannelKinds channels, byte[] content) throws IOException {
    ReadableByteChannel from = source(channels, content);
    return switch (target) {
      case FILE -> {
        Path path = channels.path("target", new byte[0]);
        FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
        yield new Opened(this, from, file, () -> Files.readAllBytes(path));
      }
      case SOCKET, SOCKET_NON_BLOCKING -> {
        SocketChannel[] pair = channels.tcp();
        pair[0].configureBlocking(target.isBlocking());
        yield new Opened(this, from, pair[0], started(() -> drain(pair[1]))::get);
      }
      case PIPE, PIPE_NON_BLOCKING -> {
        Pipe pipe = Pipe.open();
        channels.keep(pipe.source());
        channels.keep(pipe.sink()).configureBlocking(target.isBlocking());
        yield new Opened(this, from, pipe.sink(), started(() -> drain(pipe.source()))::get);
      }
    };
  }

  public ReadableByteChannel source(ChannelKinds channels, byte[] content) throws IOException {
    return switch (source) {
      case FILE -> channels.keep(FileChannel.open(channels.path("source", content)));
      case SOCKET, SOCKET_NON_BLOCKING -> {
        SocketChannel[] pair = channels.tcp();
        pair[0].configureBlocking(source.isBlocking());
        started(() -> feed(pair[1], content));
        yield pair[0];
      }
      case PIPE, PIPE_NON_BLOCKING -> {
        Pipe pipe = Pipe.open();
        channels.keep(pipe.sink());
        channels.keep(pipe.source()).configureBlocking(source.isBlocking());
        started(() -> feed(pipe.sink(), content));
        yield pipe.source();
      }
    };
  }

  /** Both sides, open. */
  public record Opened(
      ChannelPair route,
      ReadableByteChannel source,
      WritableByteChannel target,
      Callable<byte[]> all) {

    /**
     * One transfer of the bytes that are left when {@code done} of {@code size} have gone through.
     */
    public long move(Mechanism mechanism, long done, long size) throws IOException {
      long rest = size - done;
      if (route.pulls) {
        return mechanism.transferFrom((FileChannel) target, source, done, rest);
      }
      return route.source == Kind.FILE
          ? mechanism.transferTo((FileChannel) source, done, rest, target)
          : mechanism.transfer(source, target, rest);
    }

    /** Repeats transfers until all bytes are moved; one has to do where both sides block. */
    public void moveAll(Mechanism mechanism, long size) throws IOException {
      boolean isWaitedFor = isWaitedFor();
      long moved = 0;
      while (moved < size) {
        long now = move(mechanism, moved, size);
        if (now < size && isWaitedFor) {
          throw new AssertionError(now + " bytes of " + size + " by one transfer");
        }
        moved += now;
        Thread.yield();
      }
    }

    /** Ends the stream to the target: all that has arrived. */
    public byte[] arrived() throws Exception {
      target.close();
      return all.call();
    }

    public void assertArrived(byte[] content) throws Exception {
      byte[] arrived = arrived();
      if (!Arrays.equals(content, arrived)) {
        int at = Arrays.mismatch(content, arrived);
        throw new AssertionError(
            arrived.length + " bytes of " + content.length + ", other from byte " + at + " on");
      }
    }

    /** Whether one transfer is enough: nothing is in non-blocking mode. */
    public boolean isWaitedFor() {
      return isWaitedFor(route.source) && isWaitedFor(route.target);
    }

    private static boolean isWaitedFor(Kind kind) {
      return kind == Kind.FILE || kind.isBlocking();
    }
  }

  /** Writes all bytes, and closes. */
  public static long feed(WritableByteChannel sink, byte[] content) throws IOException {
    try (sink) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        sink.write(bytes);
      }
    }
    return content.length;
  }

  public static byte[] drain(ReadableByteChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    // To the end; one in non-blocking mode is asked again and again.
    while (channel.read(buffer) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return all.toByteArray();
  }

  public static <T> FutureTask<T> started(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future);
    thread.setDaemon(true);
    thread.start();
    return future;
  }
}

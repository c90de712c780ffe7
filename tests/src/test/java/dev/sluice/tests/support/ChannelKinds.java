package dev.sluice.tests.support;

import dev.sluice.SluiceFileChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds of channel at the other end of a file, each with a way to see the bytes that arrived.
 */
public final class ChannelKinds implements AutoCloseable {
  /** Small enough for every socket's and pipe's own buffer: no case needs a second thread. */
  public static final int SIZE = 20_000;

  private final Path directory;
  private final List<Channel> opened = new ArrayList<>();

  public ChannelKinds(Path directory) {
    this.directory = directory;
  }

  /** A channel to write to, and the bytes that have arrived behind it. */
  public record Target(WritableByteChannel channel, Arrived arrived) {}

  public interface Arrived {
    byte[] bytes() throws IOException;
  }

  /** Kinds of target of a {@code transferTo}. */
  public enum TargetKind {
    FILE,
    FILE_IN_THE_MIDDLE,
    APPEND,
    TCP,
    TCP_NON_BLOCKING,
    UNIX,
    PIPE,
    PIPE_NON_BLOCKING,
    DATAGRAM,
    ARBITRARY,
    FOREIGN_FILE,
    WRAPPED_FILE
  }

  /** Kinds of source of a {@code transferFrom}. */
  public enum SourceKind {
    FILE,
    FILE_IN_THE_MIDDLE,
    TCP,
    TCP_NON_BLOCKING,
    TCP_NON_BLOCKING_EMPTY,
    UNIX,
    PIPE,
    PIPE_NON_BLOCKING,
    DATAGRAM,
    ARBITRARY,
    FOREIGN_FILE,
    WRAPPED_FILE
  }

  public Target target(TargetKind kind) throws IOException {
    return switch (kind) {
      case FILE -> file(0);
      case FILE_IN_THE_MIDDLE -> file(100);
      case APPEND -> {
        Path path = path("append", new byte[50]);
        FileChannel file = keep(FileChannel.open(path, StandardOpenOption.APPEND));
        yield new Target(file, () -> Files.readAllBytes(path));
      }
      case TCP -> socket(tcp(), true);
      case TCP_NON_BLOCKING -> socket(tcp(), false);
      case UNIX -> socket(unix(), true);
      case PIPE -> pipe(true);
      case PIPE_NON_BLOCKING -> pipe(false);
      case DATAGRAM -> {
        DatagramChannel[] pair = datagrams();
        yield new Target(pair[0], () -> drain(pair[1]));
      }
      case ARBITRARY -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        yield new Target(keep(Channels.newChannel(bytes)), bytes::toByteArray);
      }
      case FOREIGN_FILE -> {
        Path path = path("foreign", new byte[0]);
        FileChannel file = keep(new ForeignFileChannel(FileChannel.open(path, readWrite())));
        yield new Target(file, () -> Files.readAllBytes(path));
      }
      case WRAPPED_FILE -> {
        Path path = path("wrapped", new byte[0]);
        FileChannel file = keep(SluiceFileChannel.open(path, readWrite()));
        yield new Target(file, () -> Files.readAllBytes(path));
      }
    };
  }

  /** A channel from which {@code content} can be read, and then nothing more. */
  public ReadableByteChannel source(SourceKind kind, byte[] content) throws IOException {
    return switch (kind) {
      case FILE -> keep(FileChannel.open(path("source", content)));
      case FILE_IN_THE_MIDDLE -> keep(FileChannel.open(path("source", content)).position(100));
      case TCP -> filled(tcp(), content, true);
      case TCP_NON_BLOCKING -> filled(tcp(), content, false);
      case TCP_NON_BLOCKING_EMPTY -> {
        SocketChannel[] pair = tcp();
        pair[0].configureBlocking(false);
        yield pair[0];
      }
      case UNIX -> filled(unix(), content, true);
      case PIPE, PIPE_NON_BLOCKING -> {
        Pipe pipe = Pipe.open();
        keep(pipe.sink()).write(ByteBuffer.wrap(content));
        pipe.sink().close();
        keep(pipe.source()).configureBlocking(kind == SourceKind.PIPE);
        yield pipe.source();
      }
      case DATAGRAM -> {
        DatagramChannel[] pair = datagrams();
        pair[0].write(ByteBuffer.wrap(content));
        pair[1].configureBlocking(false);
        yield pair[1];
      }
      case ARBITRARY -> keep(Channels.newChannel(new ByteArrayInputStream(content)));
      case FOREIGN_FILE -> keep(new ForeignFileChannel(FileChannel.open(path("source", content))));
      case WRAPPED_FILE -> keep(SluiceFileChannel.open(path("source", content)));
    };
  }

  public Path path(String name, byte[] content) throws IOException {
    return Files.write(Files.createTempFile(directory, name, ".bin"), content);
  }

  public <C extends Channel> C keep(C channel) {
    opened.add(channel);
    return channel;
  }

  public static StandardOpenOption[] readWrite() {
    return new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE};
  }

  private Target file(long position) throws IOException {
    Path path = path("target", new byte[0]);
    FileChannel file = keep(FileChannel.open(path, readWrite()).position(position));
    return new Target(file, () -> Files.readAllBytes(path));
  }

  private Target socket(SocketChannel[] pair, boolean blocking) throws IOException {
    pair[0].configureBlocking(blocking);
    return new Target(
        pair[0],
        () -> {
          pair[0].close();
          return drain(pair[1]);
        });
  }

  private Target pipe(boolean blocking) throws IOException {
    Pipe pipe = Pipe.open();
    keep(pipe.source());
    keep(pipe.sink()).configureBlocking(blocking);
    return new Target(
        pipe.sink(),
        () -> {
          pipe.sink().close();
          return drain(pipe.source());
        });
  }

  private ReadableByteChannel filled(SocketChannel[] pair, byte[] content, boolean blocking)
      throws IOException {
    pair[1].write(ByteBuffer.wrap(content));
    pair[1].close();
    pair[0].configureBlocking(blocking);
    return pair[0];
  }

  public SocketChannel[] tcp() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      return connected(server.bind(new InetSocketAddress("127.0.0.1", 0)));
    }
  }

  public SocketChannel[] unix() throws IOException {
    Path path = Files.createTempFile(directory, "s", "");
    Files.delete(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      return connected(server.bind(UnixDomainSocketAddress.of(path)));
    }
  }

  private SocketChannel[] connected(ServerSocketChannel server) throws IOException {
    SocketAddress address = server.getLocalAddress();
    SocketChannel near = keep(SocketChannel.open(address));
    return new SocketChannel[] {near, keep(server.accept())};
  }

  private DatagramChannel[] datagrams() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress("127.0.0.1", 0);
    DatagramChannel near = keep(DatagramChannel.open()).bind(anyPort);
    DatagramChannel far = keep(DatagramChannel.open()).bind(anyPort);
    near.connect(far.getLocalAddress());
    far.connect(near.getLocalAddress());
    return new DatagramChannel[] {near, far};
  }

  /** All that can be read now; a datagram channel has no end. */
  private static byte[] drain(ReadableByteChannel channel) throws IOException {
    if (channel instanceof DatagramChannel datagrams) {
      datagrams.configureBlocking(false);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer) > 0) {
      all.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return all.toByteArray();
  }

  @Override
  public void close() throws IOException {
    for (Channel channel : opened) {
      channel.close();
    }
  }
}

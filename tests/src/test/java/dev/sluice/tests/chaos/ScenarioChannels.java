package dev.sluice.tests.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
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

/** Where one scenario has its channels and files, all of which it gives back. */
final class ScenarioChannels implements AutoCloseable {
  private static final int SMALL = 16 << 10;

  private final Path directory;
  private final Fifos fifos;
  private final List<Channel> opened = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Path> named = new ArrayList<>();

  ScenarioChannels(Path directory, Fifos fifos) {
    this.directory = directory;
    this.fifos = fifos;
  }

  /** Two channels, of which the second reads what the first writes. */
  record Pair(WritableByteChannel writer, ReadableByteChannel reader) {}

  Pair pair(Scenario.Kind kind, boolean small) throws IOException {
    return switch (kind) {
      case TCP -> tcp(small);
      case UNIX -> unix(small);
      case PIPE -> {
        Pipe pipe = Pipe.open();
        yield new Pair(keep(pipe.sink()), keep(pipe.source()));
      }
      case FIFO -> fifo();
      case FILE -> throw new IllegalArgumentException();
    };
  }

  private Pair tcp(boolean small) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      if (small) {
        server.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
      }
      server.bind(new InetSocketAddress("127.0.0.1", 0));
      SocketChannel writer = keep(SocketChannel.open());
      if (small) {
        writer.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
      }
      writer.connect(server.getLocalAddress());
      return new Pair(writer, keep(server.accept()));
    }
  }

  private Pair unix(boolean small) throws IOException {
    Path path = file("s");
    Files.delete(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      SocketChannel writer = keep(SocketChannel.open(StandardProtocolFamily.UNIX));
      if (small) {
        writer.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
      }
      writer.connect(server.getLocalAddress());
      return new Pair(writer, keep(server.accept()));
    }
  }

  private Pair fifo() throws IOException {
    Path path = fifos.take();
    named.add(path);
    // To open one end waits for the other; to open both at once does not, see fifo(7).
    FileChannel both = open(path);
    FileChannel reader = keep(FileChannel.open(path, StandardOpenOption.READ));
    FileChannel writer = keep(FileChannel.open(path, StandardOpenOption.WRITE));
    both.close();
    return new Pair(writer, reader);
  }

  Path file(String name) throws IOException {
    Path path = Files.createTempFile(directory, name, "");
    files.add(path);
    return path;
  }

  FileChannel open(Path path) throws IOException {
    return keep(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private <C extends Channel> C keep(C channel) {
    opened.add(channel);
    return channel;
  }

  @Override
  public void close() throws IOException {
    for (Channel channel : opened) {
      channel.close();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    named.forEach(fifos::give);
  }
}

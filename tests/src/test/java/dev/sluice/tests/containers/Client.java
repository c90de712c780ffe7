package dev.sluice.tests.containers;

import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.TransferReport;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/**
 * A program that uses each part of Sluice once, and checks the bytes. It needs {@code java.base}
 * and Sluice alone, so that it can be put into any container of classes.
 */
public final class Client {
  private static final int SIZE = 100_000;
  private static final int SMALL = 4096;

  private Client() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(run(Path.of(arguments[0])));
  }

  /**
   * Uses Sluice in a directory that it makes below {@code parent}.
   *
   * @return which mechanisms moved the bytes, and the diagnostics
   */
  public static String run(Path parent) throws Exception {
    Sluice.ensureAvailable();
    Path directory = Files.createTempDirectory(parent, "client");
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Path source = Files.write(directory.resolve("source"), bytes);
    String reports = transfers(directory, source, bytes);
    copies(directory, source);
    maps(source, bytes);
    // That the container knows of jars for several releases.
    boolean hasSegments =
        Arrays.stream(MappedRegion.class.getMethods()).anyMatch(m -> m.getName().equals("segment"));
    ensure(hasSegments == Runtime.version().feature() >= 22, "the classes of this release");
    return reports + "\n" + Sluice.diagnostics();
  }

  /** Exchanges a value of a page that is not there any more, which must not end the JVM. */
  public static void exchangeBeyondTheEnd(Path parent) throws Exception {
    Path file = Files.write(Files.createTempFile(parent, "cut", ""), new byte[SIZE]);
    try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
      region.compareAndSetLong(0, 0, 1);
      throw new AssertionError("exchanged beyond the end of the file");
    } catch (InternalError e) {
      return;
    }
  }

  private static String transfers(Path directory, Path source, byte[] bytes) throws Exception {
    Path target = directory.resolve("target");
    try (FileChannel from = FileChannel.open(source);
        FileChannel to =
            SluiceFileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      TransferReport report = Sluice.explainTransferTo(from, 0, SIZE, to);
      ensure(Arrays.equals(bytes, Files.readAllBytes(target)), "the bytes of a file");
      String reports = report + "\n" + bySocket(from, to) + "\n" + byPipe(from, to);
      ensure(Arrays.equals(bytes, Files.readAllBytes(target)), "the bytes of streams");
      return reports;
    }
  }

  private static TransferReport bySocket(FileChannel from, FileChannel to) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(null);
        SocketChannel out = SocketChannel.open(server.getLocalAddress());
        SocketChannel in = server.accept()) {
      ensure(Sluice.transferTo(from, 0, SMALL, out) == SMALL, "a transfer to a socket");
      TransferReport report = Sluice.explainTransferFrom(to, in, 0, SMALL);
      ensure(report.bytes() == SMALL, "a transfer from a socket");
      return report;
    }
  }

  private static TransferReport byPipe(FileChannel from, FileChannel to) throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel in = pipe.source();
        Pipe.SinkChannel out = pipe.sink()) {
      ensure(Sluice.transferTo(from, 0, SMALL, out) == SMALL, "a transfer to a pipe");
      TransferReport report = Sluice.explainTransferFrom(to, in, 0, SMALL);
      ensure(report.bytes() == SMALL, "a transfer from a pipe");
      return report;
    }
  }

  private static void copies(Path directory, Path source) throws Exception {
    Path copy = directory.resolve("copy");
    Sluice.copy(source, copy);
    Sluice.copy(
        source, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    ensure(Files.mismatch(source, copy) == -1, "the bytes of a copy");
  }

  private static void maps(Path source, byte[] bytes) throws Exception {
    try (MappedRegion region = MappedRegion.map(source, MapMode.READ_WRITE)) {
      long first = ByteBuffer.wrap(bytes).getLong(0);
      ensure(region.getLong(0) == first, "a value of a region");
      ensure(region.compareAndSetLong(0, first, first), "an exchange in a region");
      region.resize(SIZE);
    }
    try (FileChannel file = FileChannel.open(source)) {
      MappedByteBuffer buffer = Sluice.map(file, MapMode.READ_ONLY, 0, SIZE);
      ensure(buffer.equals(ByteBuffer.wrap(bytes)), "the bytes of a mapping");
    }
  }

  private static void ensure(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }
}

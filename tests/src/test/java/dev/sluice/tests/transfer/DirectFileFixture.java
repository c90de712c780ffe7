package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.ForeignFileChannel;
import dev.sluice.tests.support.Implementation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transfers from and to a file that was opened with {@link ExtendedOpenOption#DIRECT}, repeated
 * until nothing moves.
 */
abstract class DirectFileFixture {
  static final int BLOCK = 4096;
  static final byte[] CONTENT = new byte[(1 << 20) + 100];

  static {
    new Random(8).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** The other end. */
  enum Other {
    FILE,
    DIRECT_FILE,
    TCP,
    PIPE,
    STREAM,
    FOREIGN
  }

  /** How a stream comes: at once, or by 1000 bytes that are taken one by one. */
  enum Coming {
    AT_ONCE,
    IN_BITS
  }

  record Range(long position, int count) {
    boolean isWhole() {
      return position % BLOCK == 0 && count % BLOCK == 0;
    }
  }

  /** The result of a caller that repeats transfers until nothing moves. */
  record Result(long moved, byte[] arrived, long left, String failure) {}

  interface Once {
    long run(long done) throws IOException;
  }

  /** On a thread of its own: JDK 17 spoils the memory that it keeps for a thread. */
  static Result repeat(int count, Once once, Ending ending) throws Exception {
    FutureTask<Result> task =
        new FutureTask<>(
            () -> {
              long moved = 0;
              String failure = "";
              try {
                for (long now = 1; now > 0 && moved < count; moved += Math.max(0, now)) {
                  now = once.run(moved);
                }
              } catch (IOException | RuntimeException e) {
                failure = e.toString();
              }
              return new Result(moved, new byte[0], 0, failure);
            });
    new Thread(task).start();
    Result ended = task.get(60, TimeUnit.SECONDS);
    return ending.of(ended.moved, ended.failure);
  }

  interface Ending {
    Result of(long moved, String failure) throws IOException;
  }

  static FileChannel open(Path path, boolean direct, StandardOpenOption... how) throws IOException {
    List<OpenOption> options = new ArrayList<>(List.of(how));
    if (direct) {
      options.add(ExtendedOpenOption.DIRECT);
    }
    return FileChannel.open(path, options.toArray(new OpenOption[0]));
  }

  static Result transferTo(
      Implementation implementation, Path folder, boolean direct, Other other, Range range)
      throws Exception {
    Path source = folder.resolve("source");
    Path target = folder.resolve("target");
    Files.deleteIfExists(target);
    ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    FutureTask<Boolean> drained = null;
    WritableByteChannel to;
    switch (other) {
      case FILE, DIRECT_FILE ->
          to =
              open(
                  target,
                  other == Other.DIRECT_FILE,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
      case STREAM -> to = Channels.newChannel(streamed);
      case FOREIGN -> {
        FileChannel file = open(target, false, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        to = new ForeignFileChannel(file);
      }
      default -> {
        Streams streams = Streams.of(other);
        to = streams.sink;
        drained =
            new FutureTask<>(
                () -> {
                  Channels.newInputStream(streams.source).transferTo(streamed);
                  streams.source.close();
                  return true;
                });
        new Thread(drained).start();
      }
    }
    FutureTask<Boolean> reader = drained;
    try (FileChannel from = open(source, direct, StandardOpenOption.READ)) {
      return repeat(
          range.count,
          done -> implementation.transferTo(from, range.position + done, range.count - done, to),
          (moved, failure) -> {
            to.close();
            await(reader);
            byte[] arrived =
                Files.exists(target) ? Files.readAllBytes(target) : streamed.toByteArray();
            return new Result(moved, arrived, 0, failure);
          });
    }
  }

  static Result transferFrom(
      Implementation implementation, Path folder, Other other, Coming coming, Range range)
      throws Exception {
    Path target = folder.resolve("target");
    Files.write(target, new byte[2 << 20]);
    byte[] content = Arrays.copyOf(CONTENT, range.count);
    FutureTask<Boolean> fed = null;
    ReadableByteChannel from;
    switch (other) {
      case FILE, DIRECT_FILE ->
          from =
              open(folder.resolve("source"), other == Other.DIRECT_FILE, StandardOpenOption.READ);
      case STREAM -> from = Channels.newChannel(new ByteArrayInputStream(content));
      case FOREIGN -> from = new ForeignFileChannel(FileChannel.open(folder.resolve("source")));
      default -> {
        Streams streams = Streams.of(other);
        from = streams.source;
        fed = new FutureTask<>(() -> feed(streams.sink, content, coming));
        new Thread(fed).start();
      }
    }
    FutureTask<Boolean> writer = fed;
    try (FileChannel to = open(target, true, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return repeat(
          range.count,
          done -> implementation.transferFrom(to, from, range.position + done, range.count - done),
          (moved, failure) -> {
            long left = from instanceof FileChannel ? 0 : drain(from);
            from.close();
            await(writer);
            byte[] all = Files.readAllBytes(target);
            int start = (int) range.position;
            return new Result(
                moved, Arrays.copyOfRange(all, start, start + (int) moved), left, failure);
          });
    }
  }

  static boolean feed(WritableByteChannel to, byte[] content, Coming coming)
      throws IOException, InterruptedException {
    try (to) {
      int step = coming == Coming.IN_BITS ? 1000 : content.length;
      for (int at = 0; at < content.length; at += step) {
        ByteBuffer bytes = ByteBuffer.wrap(content, at, Math.min(step, content.length - at));
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        if (coming == Coming.IN_BITS && at < 20_000) {
          Thread.sleep(1);
        }
      }
    }
    return true;
  }

  static long drain(ReadableByteChannel from) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(64 * 1024);
    long left = 0;
    for (int read = 0; read >= 0; read = from.read(rest.clear())) {
      left += read;
    }
    return left;
  }

  static void await(FutureTask<Boolean> task) throws IOException {
    try {
      if (task != null) {
        task.get(10, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Two ends of a stream. */
  record Streams(ReadableByteChannel source, WritableByteChannel sink) {
    static Streams of(Other kind) throws IOException {
      if (kind == Other.PIPE) {
        Pipe pipe = Pipe.open();
        return new Streams(pipe.source(), pipe.sink());
      }
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (ServerSocketChannel server = ServerSocketChannel.open().bind(any)) {
        SocketChannel sink = SocketChannel.open(server.getLocalAddress());
        return new Streams(server.accept(), sink);
      }
    }
  }

  /** A folder on a file system whose files can be opened so. */
  FileSystemKind.Place place(FileSystemKind fileSystem) throws Exception {
    FileSystemKind.Place place = fileSystem.in(directory);
    Path source = Files.write(place.resolve("source"), CONTENT);
    try {
      open(source, true, StandardOpenOption.READ).close();
    } catch (IOException | UnsupportedOperationException e) {
      place.close();
      assumeTrue(false, "this file system has no direct files: " + e);
    }
    return place;
  }

  static int exists(Range range) {
    return (int) Math.min(range.count, CONTENT.length - range.position);
  }
}

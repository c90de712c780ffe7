package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.nio.file.ExtendedOpenOption;
import dev.sluice.Sluice;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.ForeignFileChannel;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.VirtualThreads;
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
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that were opened with {@link ExtendedOpenOption#DIRECT}, whose bytes move by whole blocks:
 * no byte is lost, and what NIO moves is moved.
 */
@Tag("both-guards")
class DirectFileTest {
  private static final int BLOCK = 4096;
  private static final byte[] CONTENT = new byte[(1 << 20) + 100];

  static {
    new Random(8).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** The other end. */
  private enum Other {
    FILE,
    DIRECT_FILE,
    TCP,
    PIPE,
    STREAM,
    FOREIGN
  }

  /** How a stream comes: at once, or by 1000 bytes that are taken one by one. */
  private enum Coming {
    AT_ONCE,
    IN_BITS
  }

  private record Range(long position, int count) {
    boolean isWhole() {
      return position % BLOCK == 0 && count % BLOCK == 0;
    }
  }

  private static final List<Range> RANGES =
      List.of(
          new Range(0, 1 << 20),
          new Range(0, CONTENT.length),
          new Range(0, 300_000),
          new Range(0, BLOCK),
          new Range(0, 100),
          new Range(512, 8192),
          new Range(5, 8192),
          new Range(BLOCK, 5),
          new Range(5, 300_000),
          new Range(BLOCK, 1_000_000));

  /** Those whose transfer of a direct source never has to be refused. */
  private static final Set<Implementation> SERVES_ALL =
      EnumSet.of(
          Implementation.SLUICE, Implementation.SLUICE_FILE_CHANNEL, Implementation.READ_WRITE);

  /** What a caller who goes on until nothing moves has got. */
  private record Result(long moved, byte[] arrived, long left, String failure) {}

  private interface Once {
    long run(long done) throws IOException;
  }

  /** On a thread of its own: JDK 17 spoils the memory that it keeps for a thread. */
  private static Result repeat(int count, Once once, Ending ending) throws Exception {
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

  private interface Ending {
    Result of(long moved, String failure) throws IOException;
  }

  private static FileChannel open(Path path, boolean direct, StandardOpenOption... how)
      throws IOException {
    List<OpenOption> options = new ArrayList<>(List.of(how));
    if (direct) {
      options.add(ExtendedOpenOption.DIRECT);
    }
    return FileChannel.open(path, options.toArray(new OpenOption[0]));
  }

  private static Result transferTo(
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

  private static Result transferFrom(
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

  private static boolean feed(WritableByteChannel to, byte[] content, Coming coming)
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

  private static long drain(ReadableByteChannel from) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(64 * 1024);
    long left = 0;
    for (int read = 0; read >= 0; read = from.read(rest.clear())) {
      left += read;
    }
    return left;
  }

  private static void await(FutureTask<Boolean> task) throws IOException {
    try {
      if (task != null) {
        task.get(10, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Two ends of a stream. */
  private record Streams(ReadableByteChannel source, WritableByteChannel sink) {
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
  private FileSystemKind.Place place(FileSystemKind fileSystem) throws Exception {
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

  private static int exists(Range range) {
    return (int) Math.min(range.count, CONTENT.length - range.position);
  }

  @TestFactory
  Stream<DynamicTest> whatNioMovesOutOfADirectFileIsMovedAndTheRestAsWell() {
    return Stream.of(FileSystemKind.TEMPORARY, FileSystemKind.XFS)
        .map(
            fileSystem ->
                dynamicTest(
                    fileSystem.toString(),
                    () -> {
                      try (FileSystemKind.Place place = place(fileSystem)) {
                        for (Other other : Other.values()) {
                          for (Range range : RANGES) {
                            comesOut(place.folder(), other, range);
                          }
                        }
                      }
                    }));
  }

  private static void comesOut(Path folder, Other other, Range range) throws Exception {
    Result nio = transferTo(Implementation.NIO, folder, true, other, range);
    for (Implementation implementation : Implementation.besidesNio()) {
      Result result = transferTo(implementation, folder, true, other, range);
      String what = implementation + " to " + other + " of " + range + ": " + result.failure;
      byte[] expected =
          Arrays.copyOfRange(CONTENT, (int) range.position, (int) (range.position + result.moved));
      assertArrayEquals(expected, result.arrived, what);
      if (SERVES_ALL.contains(implementation)) {
        boolean isExact = implementation == Implementation.READ_WRITE;
        assertTrue(isExact || result.moved >= nio.moved, what + ", by NIO " + nio.moved);
        boolean takesAll = other != Other.DIRECT_FILE || exists(range) % BLOCK == 0;
        assertEquals(takesAll ? exists(range) : result.moved, result.moved, what);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatCannotBeStoredInADirectFileIsLeftInItsSource() {
    return Stream.of(FileSystemKind.TEMPORARY, FileSystemKind.XFS)
        .map(
            fileSystem ->
                dynamicTest(
                    fileSystem.toString(),
                    () -> {
                      try (FileSystemKind.Place place = place(fileSystem)) {
                        for (Other other : Other.values()) {
                          for (Range range : RANGES) {
                            goesIn(place.folder(), other, Coming.AT_ONCE, range);
                          }
                        }
                        for (Range range : RANGES) {
                          goesIn(place.folder(), Other.TCP, Coming.IN_BITS, range);
                          goesIn(place.folder(), Other.PIPE, Coming.IN_BITS, range);
                        }
                      }
                    }));
  }

  private static void goesIn(Path folder, Other other, Coming coming, Range range)
      throws Exception {
    for (Implementation implementation : Implementation.besidesNio()) {
      Result result = transferFrom(implementation, folder, other, coming, range);
      String what =
          implementation + " from " + other + " " + coming + " " + range + ": " + result.failure;
      byte[] expected = Arrays.copyOf(CONTENT, (int) result.moved);
      assertArrayEquals(expected, result.arrived, what);
      if (other != Other.FILE && other != Other.DIRECT_FILE && other != Other.FOREIGN) {
        assertEquals(range.count, result.moved + result.left, what);
      }
      if (SERVES_ALL.contains(implementation)) {
        int possible = range.position % BLOCK == 0 ? range.count / BLOCK * BLOCK : 0;
        assertTrue(result.moved >= possible, what + ", possible " + possible);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatNioMovesIntoADirectFileIsMoved() {
    return Stream.of(FileSystemKind.TEMPORARY, FileSystemKind.XFS)
        .map(
            fileSystem ->
                dynamicTest(
                    fileSystem.toString(),
                    () -> {
                      try (FileSystemKind.Place place = place(fileSystem)) {
                        for (Range range : RANGES) {
                          Result nio =
                              transferTo(
                                  Implementation.NIO,
                                  place.folder(),
                                  false,
                                  Other.DIRECT_FILE,
                                  range);
                          Result sluice =
                              transferTo(
                                  Implementation.SLUICE,
                                  place.folder(),
                                  false,
                                  Other.DIRECT_FILE,
                                  range);
                          String what = range + ": " + sluice + ", by NIO " + nio;
                          assertTrue(sluice.moved >= nio.moved, what);
                          assertTrue(!range.isWhole() || sluice.moved == range.count, what);
                        }
                      }
                    }));
  }

  /** A block waits until it is whole, while the thread is parked or waits in the kernel. */
  @Test
  void aVirtualThreadCollectsBlocksOfASlowSocket() throws Exception {
    assumeTrue(VirtualThreads.ARE_THERE, "needs virtual threads");
    Path target = Files.write(directory.resolve("target"), new byte[0]);
    Streams streams = Streams.of(Other.TCP);
    byte[] content = Arrays.copyOf(CONTENT, 5 * BLOCK);
    FutureTask<Boolean> fed = new FutureTask<>(() -> feed(streams.sink, content, Coming.IN_BITS));
    new Thread(fed).start();
    try (FileChannel to = open(target, true, StandardOpenOption.WRITE)) {
      FutureTask<Long> moved =
          new FutureTask<>(() -> Sluice.transferFrom(to, streams.source, 0, content.length));
      VirtualThreads.start(moved);
      assertEquals(content.length, moved.get(20, TimeUnit.SECONDS));
    }
    await(fed);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void aNonBlockingSourceKeepsWhatIsNoBlockYet() throws Exception {
    Path target = Files.write(directory.resolve("target"), new byte[0]);
    for (Other kind : List.of(Other.TCP, Other.PIPE)) {
      Streams streams = Streams.of(kind);
      ((SelectableChannel) streams.source).configureBlocking(false);
      try (FileChannel to = open(target, true, StandardOpenOption.WRITE)) {
        streams.sink.write(ByteBuffer.wrap(CONTENT, 0, BLOCK + 100));
        assertEquals(BLOCK, arriving(to, streams.source, 0), kind.toString());
        assertEquals(0, Sluice.transferFrom(to, streams.source, BLOCK, 2 * BLOCK));
        streams.sink.write(ByteBuffer.wrap(CONTENT, BLOCK + 100, BLOCK - 100));
        assertEquals(BLOCK, arriving(to, streams.source, BLOCK), kind.toString());
        streams.sink.close();
        assertEquals(0, Sluice.transferFrom(to, streams.source, 2 * BLOCK, BLOCK));
      }
      streams.source.close();
      assertArrayEquals(Arrays.copyOf(CONTENT, 2 * BLOCK), Files.readAllBytes(target));
    }
  }

  private static long arriving(FileChannel to, ReadableByteChannel from, long position)
      throws IOException {
    long moved = 0;
    for (int tries = 0; moved == 0 && tries < 1_000_000; tries++) {
      moved = Sluice.transferFrom(to, from, position, 3 * BLOCK);
    }
    return moved;
  }
}

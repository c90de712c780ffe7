package dev.sluice.tests.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.TransferReport;
import dev.sluice.netty.SluiceFileRegion;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ForeignFileChannel;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files by Netty. What might end the JVM runs in one of its own. */
class SluiceFileRegionTest {
  private static final int SIZE = 3 << 20;
  private static final int FROM = 777;

  @TempDir Path directory;
  private Path path;
  private final byte[] content = new byte[SIZE];

  @BeforeEach
  void write() throws IOException {
    new Random(3).nextBytes(content);
    path = Files.write(directory.resolve("file"), content);
  }

  /** Whose channel the region has. */
  enum FileKind {
    JDK {
      @Override
      FileChannel open(Path path) throws IOException {
        return FileChannel.open(path);
      }
    },
    SLUICE {
      @Override
      FileChannel open(Path path) throws IOException {
        return SluiceFileChannel.open(path, StandardOpenOption.READ);
      }
    },
    FOREIGN {
      @Override
      FileChannel open(Path path) throws IOException {
        return new ForeignFileChannel(FileChannel.open(path));
      }
    };

    abstract FileChannel open(Path path) throws IOException;
  }

  /** Sends a file of each kind, between two buffers, on a transport. */
  static final class EveryKind {
    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[1]);
      byte[] content = Files.readAllBytes(path);
      try (RegionServer server = new RegionServer(Transport.valueOf(arguments[0]))) {
        for (FileKind kind : FileKind.values()) {
          try (RegionServer.Connection connection = server.connect()) {
            FutureTask<byte[]> arrived =
                ChannelPair.started(() -> ChannelPair.drain(connection.client()));
            FileChannel file = kind.open(path);
            SluiceFileRegion region = new SluiceFileRegion(file, FROM, content.length - FROM);
            connection.channel().write(Unpooled.wrappedBuffer(content, 0, FROM));
            connection.channel().write(region);
            ChannelFuture sent = connection.send(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
            if (!sent.isSuccess()) {
              throw new AssertionError(kind + ": " + sent.cause(), sent.cause());
            }
            connection.channel().close().sync();
            byte[] expected = Arrays.copyOf(content, content.length + 3);
            System.arraycopy(new byte[] {1, 2, 3}, 0, expected, content.length, 3);
            if (!Arrays.equals(expected, arrived.get(20, TimeUnit.SECONDS))) {
              throw new AssertionError(kind + ": other bytes");
            }
            if (region.refCnt() != 0 || file.isOpen() || region.transferred() != region.count()) {
              throw new AssertionError(kind + ": " + region.refCnt() + " " + region.transferred());
            }
          }
        }
      }
      System.out.println("all sent");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfFileArrives(Transport transport) throws Exception {
    transport.assumeThere();
    ChildJvm.Result result = new ChildJvm().run(EveryKind.class, transport.name(), path.toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(result.output().contains("all sent"), result.output());
  }

  /**
   * What the documentation warns of: Netty reads a field of a class that it takes for the JDK's.
   */
  static final class OfNetty {
    public static void main(String[] arguments) throws Exception {
      try (RegionServer server = new RegionServer(Transport.EPOLL);
          RegionServer.Connection connection = server.connect()) {
        FutureTask<byte[]> arrived =
            ChannelPair.started(() -> ChannelPair.drain(connection.client()));
        FileChannel file = FileKind.SLUICE.open(Path.of(arguments[0]));
        connection.channel().writeAndFlush(new DefaultFileRegion(file, 0, file.size()));
        Thread.sleep(500);
        connection.channel().close().sync();
        System.out.println(arrived.get(20, TimeUnit.SECONDS).length + " bytes arrived");
      }
    }
  }

  @Test
  void aRegionOfNettysOwnServesNothingButTheJdksChannels() throws Exception {
    Transport.EPOLL.assumeThere();
    ChildJvm.Result result = new ChildJvm().unchecked().run(OfNetty.class, path.toString());
    boolean isServed = result.exit() == 0 && result.output().contains(SIZE + " bytes arrived");
    assertFalse(isServed, "docs/troubleshooting.md warns of what works by now");
    if (Runtime.version().feature() >= 21) {
      assertTrue(result.output().contains("0 bytes arrived"), result.output());
    } else {
      // Whatever lies where the JVM looks for the number.
      boolean isWrong = result.exit() != 0 || result.output().contains(" 0 bytes arrived");
      assertTrue(isWrong || !result.output().contains("bytes arrived"), result.output());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aFileGoesBySendfile(Transport transport) throws Exception {
    transport.assumeThere();
    for (FileKind kind : List.of(FileKind.JDK, FileKind.SLUICE)) {
      try (RegionServer server = new RegionServer(transport);
          RegionServer.Connection connection = server.connect()) {
        SluiceFileRegion region = new SluiceFileRegion(kind.open(path), 0, 50_000);
        Callable<List<TransferReport>> explained =
            () -> Sluice.explain(() -> connection.channel().writeAndFlush(region));
        TransferReport report = connection.channel().eventLoop().submit(explained).get().get(0);
        assertEquals(Mechanism.SENDFILE, report.steps().get(0).mechanism(), kind + ": " + report);
        assertEquals(50_000, report.bytes());
      }
    }
  }

  /** From 4 GiB on: a part of a sparse file whose offset is no {@code int}. */
  @ParameterizedTest
  @EnumSource
  void anOffsetIsALong(Transport transport) throws Exception {
    transport.assumeThere();
    long at = (1L << 32) + 12_345;
    Path sparse = directory.resolve("sparse");
    try (FileChannel file =
        FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(content), at);
    }
    try (RegionServer server = new RegionServer(transport);
        RegionServer.Connection connection = server.connect()) {
      FutureTask<byte[]> arrived =
          ChannelPair.started(() -> ChannelPair.drain(connection.client()));
      ChannelFuture sent =
          connection.send(new SluiceFileRegion(FileChannel.open(sparse), at, SIZE));
      assertTrue(sent.isSuccess(), () -> String.valueOf(sent.cause()));
      connection.channel().close().sync();
      assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsTooShortIsTold(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport);
        RegionServer.Connection connection = server.connect()) {
      FutureTask<byte[]> arrived =
          ChannelPair.started(() -> ChannelPair.drain(connection.client()));
      SluiceFileRegion region = new SluiceFileRegion(FileChannel.open(path), 0, SIZE + 5L);
      ChannelFuture sent = connection.send(region);
      assertInstanceOf(IOException.class, sent.cause());
      assertEquals(
          "the file ends at byte "
              + SIZE
              + ": 5 of the region's "
              + (SIZE + 5)
              + " bytes are missing",
          sent.cause().getMessage());
      connection.channel().close().sync();
      assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
      assertEquals(0, region.refCnt());
    }
  }

  /** A region of another provider's file, of which a part was taken before it was cut. */
  @ParameterizedTest
  @EnumSource
  void aPeerThatGoesAwayFailsTheWrite(Transport transport) throws Exception {
    transport.assumeThere();
    Path large = directory.resolve("large");
    try (FileChannel file =
        FileChannel.open(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), 200 << 20);
    }
    try (RegionServer server = new RegionServer(transport);
        RegionServer.Connection connection = server.connect()) {
      FileChannel file = FileChannel.open(large);
      SluiceFileRegion region = new SluiceFileRegion(file, 0, 200 << 20);
      ChannelFuture sent = connection.channel().writeAndFlush(region);
      connection.client().read(ByteBuffer.allocate(1000));
      connection.client().close();
      assertTrue(sent.await(20, TimeUnit.SECONDS));
      assertInstanceOf(IOException.class, sent.cause());
      assertTrue(region.transferred() < region.count());
      assertEquals(0, region.refCnt());
      assertFalse(file.isOpen());
    }
  }

  /** A socket that is full takes the rest when its peer reads again, and others meanwhile. */
  @ParameterizedTest
  @EnumSource
  void aFullSocketIsWaitedForByTheEventLoop(Transport transport) throws Exception {
    transport.assumeThere();
    byte[] many = new byte[24 << 20];
    new Random(9).nextBytes(many);
    Path large = Files.write(directory.resolve("large"), many);
    try (RegionServer server = new RegionServer(transport);
        RegionServer.Connection stalled = server.connect();
        RegionServer.Connection other = server.connect();
        FileChannel file = FileChannel.open(large)) {
      ChannelFuture waiting =
          stalled.channel().writeAndFlush(SluiceFileRegion.shared(file, 0, many.length));
      FutureTask<byte[]> quick = ChannelPair.started(() -> ChannelPair.drain(other.client()));
      assertTrue(other.send(SluiceFileRegion.shared(file, 0, SIZE)).isSuccess());
      other.channel().close().sync();
      assertArrayEquals(Arrays.copyOf(many, SIZE), quick.get(20, TimeUnit.SECONDS));
      assertFalse(waiting.isDone());
      FutureTask<byte[]> slow = ChannelPair.started(() -> ChannelPair.drain(stalled.client()));
      assertTrue(waiting.await(20, TimeUnit.SECONDS));
      assertTrue(waiting.isSuccess());
      stalled.channel().close().sync();
      assertArrayEquals(many, slow.get(20, TimeUnit.SECONDS));
      assertTrue(file.isOpen());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledWriteReleasesItsRegion(Transport transport) throws Exception {
    transport.assumeThere();
    try (RegionServer server = new RegionServer(transport);
        RegionServer.Connection connection = server.connect()) {
      FileChannel file = FileChannel.open(path);
      SluiceFileRegion region = new SluiceFileRegion(file, 0, SIZE);
      Callable<ChannelPromise> written =
          () -> {
            ChannelPromise promise = connection.channel().newPromise();
            connection.channel().write(region, promise);
            promise.cancel(false);
            connection.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7}));
            return promise;
          };
      assertTrue(connection.channel().eventLoop().submit(written).get().isCancelled());
      ByteBuffer one = ByteBuffer.allocate(10);
      assertEquals(1, connection.client().read(one));
      assertEquals(7, one.get(0));
      assertEquals(0, region.refCnt());
      assertFalse(file.isOpen());
    }
  }

  @Test
  void aRegionIsReleasedOnceAndSentNoMore() throws Exception {
    FileChannel file = FileChannel.open(path);
    SluiceFileRegion region = new SluiceFileRegion(file, 0, SIZE);
    region.retain();
    assertFalse(region.release());
    assertTrue(file.isOpen());
    assertTrue(region.release());
    assertFalse(file.isOpen());
    assertThrows(IllegalReferenceCountException.class, region::release);
    try (var nowhere = Channels.newChannel(java.io.OutputStream.nullOutputStream())) {
      assertThrows(IllegalReferenceCountException.class, () -> region.transferTo(nowhere, 0));
    }
  }

  @Test
  void aClosedFileFails() throws Exception {
    try (RegionServer server = new RegionServer(Transport.NIO);
        RegionServer.Connection connection = server.connect()) {
      FileChannel file = FileChannel.open(path);
      file.close();
      ChannelFuture sent = connection.send(new SluiceFileRegion(file, 0, SIZE));
      assertInstanceOf(ClosedChannelException.class, sent.cause());
    }
  }

  @Test
  void wrongArgumentsAreRefused() throws Exception {
    try (FileChannel file = FileChannel.open(path)) {
      for (long[] wrong :
          List.of(new long[] {-1, 1}, new long[] {0, -1}, new long[] {Long.MAX_VALUE, 1})) {
        assertThrows(
            IllegalArgumentException.class, () -> new SluiceFileRegion(file, wrong[0], wrong[1]));
      }
      assertThrows(NullPointerException.class, () -> new SluiceFileRegion(null, 0, 0));
      SluiceFileRegion region = SluiceFileRegion.shared(file, 0, 10);
      try (var nowhere = Channels.newChannel(java.io.OutputStream.nullOutputStream())) {
        assertThrows(IllegalArgumentException.class, () -> region.transferTo(nowhere, -1));
        assertThrows(IllegalArgumentException.class, () -> region.transferTo(nowhere, 11));
        assertEquals(0, region.transferTo(nowhere, 10));
        assertEquals(10, region.transferTo(nowhere, 0));
      }
    }
  }
}

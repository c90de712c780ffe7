package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Cancellation;
import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.TransferReport;
import dev.sluice.TransferReport.Ending;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.LendingChannel;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels of other libraries, which lend their descriptors. */
@Tag("both-guards")
class DescriptorChannelTest {
  private static final int SIZE = 3 << 20;

  @TempDir Path directory;

  private final byte[] content = new byte[SIZE];
  private ChannelKinds channels;

  /** The mode of a channel, and the flag of its descriptor. */
  enum Mode {
    BLOCKING(true, false),
    BLOCKING_BY_POLL(true, true),
    NON_BLOCKING(false, true);

    final boolean isBlocking;
    final boolean isNonBlockingBelow;

    Mode(boolean isBlocking, boolean isNonBlockingBelow) {
      this.isBlocking = isBlocking;
      this.isNonBlockingBelow = isNonBlockingBelow;
    }
  }

  @BeforeEach
  void open() {
    channels = new ChannelKinds(directory);
    new Random(5).nextBytes(content);
  }

  @AfterEach
  void close() throws IOException {
    channels.close();
  }

  private FileChannel file() throws IOException {
    return channels.keep(FileChannel.open(channels.path("content", content)));
  }

  private LendingChannel lending(java.nio.channels.Channel channel, Mode mode) throws IOException {
    return channels.keep(LendingChannel.of(channel, mode.isBlocking, mode.isNonBlockingBelow));
  }

  @ParameterizedTest
  @EnumSource
  void aFileGoesToASocketAndAPipeByTheKernel(Mode mode) throws Exception {
    FileChannel file = file();
    SocketChannel[] pair = channels.tcp();
    sent(file, lending(pair[0], mode), Mechanism.SENDFILE, ChannelPair.started(() -> all(pair[1])));
    Pipe pipe = Pipe.open();
    channels.keep(pipe.source());
    sent(
        file,
        lending(pipe.sink(), mode),
        Mechanism.SPLICE,
        ChannelPair.started(() -> ChannelPair.drain(pipe.source())));
  }

  private void sent(
      FileChannel file, LendingChannel target, Mechanism expected, FutureTask<byte[]> arrived)
      throws Exception {
    long sent = 0;
    while (sent < SIZE) {
      long begun = sent;
      long[] moved = new long[1];
      List<TransferReport> reports =
          Sluice.explain(() -> moved[0] = Sluice.transferTo(file, begun, SIZE - begun, target));
      assertEquals(1, reports.size());
      reports.get(0).steps().stream()
          .filter(step -> step.bytes() > 0)
          .forEach(step -> assertEquals(expected, step.mechanism()));
      sent += moved[0];
      assertTrue(sent == SIZE || !target.isBlocking(), sent + " bytes");
    }
    assertEquals(0, target.lent());
    target.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
  }

  private static byte[] all(SocketChannel socket) throws IOException {
    return ChannelPair.drain(socket);
  }

  @ParameterizedTest
  @EnumSource
  void aSocketAndAPipeGoIntoAFileByTheKernel(Mode mode) throws Exception {
    SocketChannel[] pair = channels.tcp();
    FutureTask<Long> fed = ChannelPair.started(() -> ChannelPair.feed(pair[1], content));
    received(lending(pair[0], mode));
    fed.get(20, TimeUnit.SECONDS);
    Pipe pipe = Pipe.open();
    channels.keep(pipe.sink());
    fed = ChannelPair.started(() -> ChannelPair.feed(pipe.sink(), content));
    received(lending(pipe.source(), mode));
    fed.get(20, TimeUnit.SECONDS);
  }

  private void received(LendingChannel source) throws Exception {
    Path path = channels.path("received", new byte[0]);
    try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite())) {
      long received = 0;
      while (received < SIZE) {
        long now = Sluice.transferFrom(file, source, received, SIZE - received);
        assertTrue(now == SIZE || !source.isBlocking(), now + " bytes");
        received += now;
      }
      assertEquals(0, source.isBlocking() ? Sluice.transferFrom(file, source, SIZE, 1) : 0);
    }
    assertEquals(0, source.lent());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  void twoSocketsOfOtherLibrariesAreRelayedByTheKernel() throws Exception {
    SocketChannel[] from = channels.tcp();
    SocketChannel[] to = channels.tcp();
    LendingChannel source = lending(from[0], Mode.BLOCKING_BY_POLL);
    LendingChannel target = lending(to[0], Mode.BLOCKING);
    ChannelPair.started(() -> ChannelPair.feed(from[1], content));
    FutureTask<byte[]> arrived = ChannelPair.started(() -> all(to[1]));
    assertEquals(SIZE, Mechanism.SPLICE.transfer(source, target, SIZE));
    target.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
    assertEquals(0, source.lent());
  }

  @Test
  void aFileIsWrittenAndReadAtItsOwnOffset() throws Exception {
    Path path = channels.path("target", new byte[0]);
    FileChannel below = FileChannel.open(path, ChannelKinds.readWrite()).position(10);
    LendingChannel lending = lending(below, Mode.BLOCKING);
    FileChannel file = file();
    assertEquals(1000, Sluice.transferTo(file, 0, 1000, lending));
    assertEquals(1010, below.position());
    below.position(20);
    Path copy = channels.path("copy", new byte[0]);
    try (FileChannel second = FileChannel.open(copy, ChannelKinds.readWrite())) {
      assertEquals(990, Sluice.transferFrom(second, lending, 0, 5000));
    }
    assertArrayEquals(Arrays.copyOfRange(content, 10, 1000), Files.readAllBytes(copy));
    assertEquals(0, lending.lent());
  }

  @Test
  void aRegionGoesToALentDescriptor() throws Exception {
    SocketChannel[] pair = channels.tcp();
    FutureTask<byte[]> arrived = ChannelPair.started(() -> all(pair[1]));
    LendingChannel target = lending(pair[0], Mode.BLOCKING);
    try (MappedRegion region = MappedRegion.map(file(), FileChannel.MapMode.READ_ONLY, 0, SIZE)) {
      assertEquals(SIZE, region.transferTo(0, SIZE, target));
    }
    target.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
  }

  /** A full socket in non-blocking mode takes what it has room for, then nothing, then goes on. */
  @Test
  void aFullSocketIsResumed() throws Exception {
    SocketChannel[] pair = channels.unix();
    FileChannel file = file();
    LendingChannel target = lending(pair[0], Mode.NON_BLOCKING);
    long sent = Sluice.transferTo(file, 0, SIZE, target);
    assertTrue(sent > 0 && sent < SIZE, sent + " bytes");
    assertEquals(0, Sluice.transferTo(file, sent, SIZE - sent, target));
    FutureTask<byte[]> arrived = ChannelPair.started(() -> all(pair[1]));
    while (sent < SIZE) {
      sent += Sluice.transferTo(file, sent, SIZE - sent, target);
    }
    target.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
  }

  /** Who waits for a lent channel. */
  private FutureTask<Long> waiting(LendingChannel channel, boolean isSource) throws Exception {
    FileChannel file =
        isSource
            ? channels.keep(
                FileChannel.open(channels.path("target", new byte[0]), ChannelKinds.readWrite()))
            : file();
    FutureTask<Long> transfer =
        ChannelPair.started(
            () ->
                isSource
                    ? Sluice.transferFrom(file, channel, 0, SIZE)
                    : Sluice.transferTo(file, 0, SIZE, channel));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (channel.lent() == 0 && System.nanoTime() < limit) {
      Thread.onSpinWait();
    }
    assertEquals(1, channel.lent());
    Thread.sleep(30);
    return transfer;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NON_BLOCKING")
  void aCloseEndsAWaitAndTheDescriptorIsClosedAfterIt(Mode mode) throws Exception {
    LendingChannel source = lending(channels.tcp()[0], mode);
    FutureTask<Long> receiving = waiting(source, true);
    source.close();
    assertInstance(AsynchronousCloseException.class, receiving);
    assertEquals(0, source.lent());
    SocketChannel[] pair = channels.unix();
    LendingChannel target = lending(pair[0], mode);
    FutureTask<Long> sending = waiting(target, false);
    target.close();
    long sent = sending.get(20, TimeUnit.SECONDS);
    assertEquals(0, target.lent());
    assertArrayEquals(Arrays.copyOf(content, (int) sent), all(pair[1]));
  }

  private static void assertInstance(Class<? extends Exception> expected, FutureTask<Long> task) {
    Exception thrown = assertThrows(Exception.class, () -> task.get(20, TimeUnit.SECONDS));
    assertEquals(expected, thrown.getCause().getClass());
  }

  @Test
  void anInterruptClosesTheChannel() throws Exception {
    LendingChannel source = lending(channels.tcp()[0], Mode.BLOCKING);
    Path path = channels.path("target", new byte[0]);
    FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    Exception[] thrown = new Exception[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                Sluice.transferFrom(file, source, 0, SIZE);
              } catch (IOException e) {
                thrown[0] = e;
              }
            });
    thread.start();
    while (source.lent() == 0) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join(20_000);
    assertEquals(ClosedByInterruptException.class, thrown[0].getClass());
    assertFalse(source.isOpen());
    assertFalse(file.isOpen());
    assertEquals(0, source.lent());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NON_BLOCKING")
  void aLimitAndACancellationEndAWait(Mode mode) throws Exception {
    LendingChannel source = lending(channels.tcp()[0], mode);
    Path path = channels.path("target", new byte[0]);
    FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    TransferOption within = TransferOption.within(Duration.ofMillis(50));
    List<TransferReport> reports =
        Sluice.explain(() -> assertEquals(0, Sluice.transferFrom(file, source, 0, SIZE, within)));
    assertEquals(Ending.TIMED_OUT, reports.get(0).ending());
    Cancellation cancellation = new Cancellation();
    FutureTask<Long> cancelled =
        ChannelPair.started(() -> Sluice.transferFrom(file, source, 0, SIZE, cancellation));
    while (source.lent() == 0) {
      Thread.onSpinWait();
    }
    cancellation.cancel();
    assertEquals(0, cancelled.get(20, TimeUnit.SECONDS));
    assertTrue(source.isOpen() && file.isOpen());
    assertEquals(0, source.lent());
  }

  @Test
  void aVirtualThreadParksAndIsWoken() throws Exception {
    assumeTrue(VirtualThreads.ARE_THERE, "needs virtual threads");
    SocketChannel[] pair = channels.unix();
    FileChannel file = file();
    LendingChannel target = lending(pair[0], Mode.BLOCKING_BY_POLL);
    FutureTask<Long> sending = new FutureTask<>(() -> Sluice.transferTo(file, 0, SIZE, target));
    VirtualThreads.start(sending);
    Thread.sleep(50);
    FutureTask<byte[]> arrived = ChannelPair.started(() -> all(pair[1]));
    assertEquals(SIZE, sending.get(20, TimeUnit.SECONDS));
    target.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
    LendingChannel idle = lending(channels.tcp()[0], Mode.BLOCKING_BY_POLL);
    Path path = channels.path("target", new byte[0]);
    FileChannel received = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    FutureTask<Long> receiving =
        new FutureTask<>(() -> Sluice.transferFrom(received, idle, 0, SIZE));
    VirtualThreads.start(receiving);
    while (idle.lent() == 0) {
      Thread.onSpinWait();
    }
    Thread.sleep(30);
    idle.close();
    assertInstance(AsynchronousCloseException.class, receiving);
  }

  /** The number of a closed channel is that of the next socket at once. */
  @Test
  void noNewcomerGetsAByte() throws Exception {
    FileChannel file = file();
    SocketChannel[] pair = channels.tcp();
    for (int round = 0; round < 300; round++) {
      LendingChannel target = lending(pair[0], Mode.BLOCKING);
      FutureTask<Long> sending =
          ChannelPair.started(
              () -> {
                try {
                  return Sluice.transferTo(file, 0, SIZE, target);
                } catch (ClosedChannelException e) {
                  return 0L;
                }
              });
      for (int spins = round * 10; spins > 0; spins--) {
        Thread.onSpinWait();
      }
      target.close();
      SocketChannel[] newcomer = channels.tcp();
      long sent = sending.get(20, TimeUnit.SECONDS);
      newcomer[1].configureBlocking(false);
      assertEquals(0, newcomer[1].read(ByteBuffer.allocate(1)), "round " + round);
      newcomer[1].configureBlocking(true);
      SocketChannel peer = pair[1];
      assertTrue(all(peer).length >= sent);
      peer.close();
      pair = newcomer;
    }
  }

  // -- what is refused, before a byte has moved --

  /** A channel that lends a number of its own choice. */
  private static final class Wrong extends LendingChannel {
    private final int number;

    Wrong(SocketChannel channel, int number) {
      super(channel, true);
      this.number = number;
    }

    @Override
    public int acquireDescriptor() throws IOException {
      if (number == Integer.MIN_VALUE) {
        throw new IOException("not now");
      }
      return number;
    }

    @Override
    public void releaseDescriptor(int released) {
      if (released != number) {
        super.releaseDescriptor(released);
      }
    }
  }

  @Test
  void aNumberThatIsNoDescriptorIsRefused() throws Exception {
    FileChannel file = file();
    SocketChannel[] pair = channels.tcp();
    for (int number : new int[] {-1, 1 << 30, Integer.MAX_VALUE, 900_000, Integer.MIN_VALUE}) {
      Wrong wrong = channels.keep(new Wrong(pair[0], number));
      IOException e =
          assertThrows(IOException.class, () -> Sluice.transferTo(file, 0, SIZE, wrong));
      String expected =
          switch (number) {
            case 900_000 -> "Bad file descriptor";
            case Integer.MIN_VALUE -> "not now";
            default -> "is no descriptor";
          };
      assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
    pair[1].configureBlocking(false);
    assertEquals(0, pair[1].read(ByteBuffer.allocate(1)));
  }

  @Test
  void aModeThatTheDescriptorDoesNotHaveIsRefused() throws Exception {
    LendingChannel target = channels.keep(LendingChannel.of(channels.tcp()[0], false, false));
    FileChannel file = file();
    assertThrows(IllegalStateException.class, () -> Sluice.transferTo(file, 0, SIZE, target));
    assertEquals(0, target.lent());
  }

  @Test
  void theWrongEndOfAPipeIsRefused() throws Exception {
    Pipe pipe = Pipe.open();
    LendingChannel source = lending(pipe.source(), Mode.BLOCKING);
    LendingChannel sink = lending(pipe.sink(), Mode.BLOCKING);
    FileChannel file = file();
    assertThrows(NonWritableChannelException.class, () -> Sluice.transferTo(file, 0, SIZE, source));
    Path path = channels.path("target", new byte[0]);
    FileChannel target = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    assertThrows(
        NonReadableChannelException.class, () -> Sluice.transferFrom(target, sink, 0, SIZE));
    assertEquals(0, source.lent() + sink.lent());
  }

  @Test
  void aClosedChannelIsRefused() throws Exception {
    LendingChannel target = lending(channels.tcp()[0], Mode.BLOCKING);
    target.close();
    FileChannel file = file();
    assertThrows(ClosedChannelException.class, () -> Sluice.transferTo(file, 0, SIZE, target));
    assertEquals(0, target.acquired());
  }

  /** Datagrams go by the channel's own method. */
  @Test
  void whatIsNoStreamIsServedByItsOwnMethods() throws Exception {
    DatagramChannel datagrams = DatagramChannel.open();
    datagrams.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
    datagrams.connect(datagrams.getLocalAddress());
    LendingChannel target = lending(datagrams, Mode.BLOCKING);
    FileChannel file = file();
    assertEquals(1000, Sluice.transferTo(file, 0, 1000, target));
    ByteBuffer received = ByteBuffer.allocate(2000);
    assertEquals(1000, datagrams.read(received));
    assertThrows(
        UnsupportedMechanismException.class,
        () -> Mechanism.SENDFILE.transferTo(file, 0, 1000, target));
    assertEquals(0, target.lent());
  }
}

package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.LendingChannel;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the class of a channel that lends its descriptor may be like. */
@Tag("both-guards")
class LenderTest {
  private static final int SIZE = 3 << 20;

  @TempDir Path directory;

  private ChannelKinds channels;

  @BeforeEach
  void open() {
    channels = new ChannelKinds(directory);
  }

  @AfterEach
  void close() throws IOException {
    channels.close();
  }

  private FileChannel target(String name) throws IOException {
    return channels.keep(
        FileChannel.open(channels.path(name, new byte[0]), ChannelKinds.readWrite()));
  }

  private static long within(FutureTask<Long> task) throws Exception {
    return task.get(20, TimeUnit.SECONDS);
  }

  /** Both threads wait for one number: one to read, one to write. */
  @Test
  void twoVirtualThreadsWaitForBothDirectionsOfOneSocket() throws Exception {
    assumeTrue(VirtualThreads.ARE_THERE, "needs virtual threads");
    byte[] content = new byte[SIZE];
    new Random(6).nextBytes(content);
    FileChannel sent = channels.keep(FileChannel.open(channels.path("content", content)));
    FileChannel received = target("received");
    SocketChannel[] pair = channels.unix();
    LendingChannel lender = channels.keep(LendingChannel.of(pair[0], true, true));
    FutureTask<Long> receiving =
        new FutureTask<>(() -> Sluice.transferFrom(received, lender, 0, 1000));
    FutureTask<Long> sending = new FutureTask<>(() -> Sluice.transferTo(sent, 0, SIZE, lender));
    VirtualThreads.start(receiving);
    awaitUses(lender, 1);
    VirtualThreads.start(sending);
    awaitUses(lender, 2);
    Thread.sleep(30);
    pair[1].write(ByteBuffer.allocate(1000));
    assertEquals(1000, within(receiving));
    FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
    assertEquals(SIZE, within(sending));
    lender.close();
    assertArrayEquals(content, arrived.get(20, TimeUnit.SECONDS));
  }

  private static void awaitUses(LendingChannel lender, int uses) throws InterruptedException {
    for (int tries = 0; lender.lent() < uses && tries < 20_000; tries++) {
      Thread.sleep(1);
    }
    Thread.sleep(30);
  }

  /** A channel that is equal to all of its class. */
  private static final class Equal extends LendingChannel {
    Equal(Channel channel) {
      super(channel, true);
    }

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Equal;
    }
  }

  @Test
  void equalChannelsDoNotWaitForEachOther() throws Exception {
    SocketChannel[] idle = channels.tcp();
    SocketChannel[] busy = channels.tcp();
    Equal first = channels.keep(new Equal(idle[0]));
    Equal second = channels.keep(new Equal(busy[0]));
    FileChannel ofFirst = target("first");
    FileChannel ofSecond = target("second");
    FutureTask<Long> waiting =
        ChannelPair.started(() -> Sluice.transferFrom(ofFirst, first, 0, 10));
    awaitUses(first, 1);
    busy[1].write(ByteBuffer.allocate(5));
    FutureTask<Long> other = ChannelPair.started(() -> Sluice.transferFrom(ofSecond, second, 0, 5));
    assertEquals(5, within(other));
    idle[1].close();
    assertEquals(0, within(waiting));
  }

  /** A field by the name of one of the JDK's own. */
  private static final class WithField extends LendingChannel {
    @SuppressWarnings("unused")
    private final boolean connectionReset = !Files.notExists(Path.of("/"));

    WithField(Channel channel) {
      super(channel, true);
    }
  }

  @Test
  void aFieldOfTheClassMeansNothing() throws Exception {
    SocketChannel[] pair = channels.tcp();
    WithField source = channels.keep(new WithField(pair[0]));
    pair[1].close();
    assertEquals(0, Sluice.transferFrom(target("target"), source, 0, 10));
  }

  /** A terminal, whose bytes come from the class's own method. */
  private static final class Terminal extends LendingChannel {
    Terminal(Channel channel) {
      super(channel, true);
    }

    @Override
    public int read(ByteBuffer target) {
      if (target.remaining() < 3) {
        return -1;
      }
      target.put(new byte[] {1, 2, 3});
      return 3;
    }
  }

  /** No transfer can wait for a terminal and see a close meanwhile. */
  @Test
  void aTerminalIsServedByItsOwnMethods() throws Exception {
    Path device = Path.of("/dev/ptmx");
    assumeTrue(Files.isReadable(device) && Files.isWritable(device), "needs a terminal");
    FileChannel below = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Terminal terminal = channels.keep(new Terminal(below));
    FileChannel file = target("target");
    assertEquals(3, Sluice.transferFrom(file, terminal, 0, 3));
    assertEquals(3, Sluice.transfer(terminal, file, 3));
    assertEquals(3, Sluice.transferTo(file, 0, 3, terminal));
    assertThrows(
        UnsupportedMechanismException.class,
        () -> Mechanism.SPLICE.transferFrom(file, terminal, 0, 3));
    assertEquals(0, terminal.lent());
  }

  /** A channel that counts what it lends, whatever that is. */
  private static final class Counting extends LendingChannel {
    private int uses;

    Counting(Channel channel) {
      super(channel, true);
    }

    @Override
    public int acquireDescriptor() {
      uses++;
      return -1;
    }

    @Override
    public void releaseDescriptor(int released) {
      uses--;
    }
  }

  @Test
  void whatIsRefusedIsReleasedToo() throws Exception {
    Counting target = channels.keep(new Counting(channels.tcp()[0]));
    FileChannel file = channels.keep(FileChannel.open(channels.path("content", new byte[10])));
    assertThrows(IOException.class, () -> Sluice.transferTo(file, 0, 10, target));
    assertEquals(0, target.uses);
  }
}

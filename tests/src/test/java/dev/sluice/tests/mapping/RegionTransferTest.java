package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.VirtualThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A region that is sent to a channel: every kind of channel, and all that may end it. */
@Tag("both-guards")
class RegionTransferTest {
  private static final int SIZE = 16 << 20;
  private static final long STALL_MILLIS = 60;
  private static final long HANGS_MILLIS = 3_000;
  private static final int ATTEMPTS = 3;

  @TempDir Path directory;

  private MappedRegion region(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path path = Files.write(Files.createTempFile(directory, "region", ".bin"), content);
    return MappedRegion.map(path, MapMode.READ_ONLY);
  }

  @Test
  void everyKindOfChannelGetsThePart() throws IOException {
    for (ChannelKinds.TargetKind kind : ChannelKinds.TargetKind.values()) {
      try (MappedRegion region = region(ChannelKinds.SIZE);
          ChannelKinds channels = new ChannelKinds(directory)) {
        byte[] expected = new byte[ChannelKinds.SIZE - 12];
        region.read(5, expected, 0, expected.length);
        ChannelKinds.Target target = channels.target(kind);
        assertEquals(expected.length, region.transferTo(5, expected.length, target.channel()));
        byte[] arrived = target.arrived().bytes();
        int before = arrived.length - expected.length;
        byte[] part = Arrays.copyOfRange(arrived, before, arrived.length);
        assertArrayEquals(expected, part, kind.toString());
        if (target.channel() instanceof FileChannel file) {
          assertEquals(arrived.length, file.position(), kind.toString());
        }
      }
    }
  }

  @Test
  void whatIsWrongIsRefusedBeforeAByteIsSent() throws IOException {
    MappedRegion region = region(ChannelKinds.SIZE);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      ChannelKinds.Target target = channels.target(ChannelKinds.TargetKind.FILE);
      WritableByteChannel channel = target.channel();
      assertThrows(NullPointerException.class, () -> region.transferTo(0, 1, null));
      assertThrows(
          IndexOutOfBoundsException.class, () -> region.transferTo(1, ChannelKinds.SIZE, channel));
      assertThrows(IndexOutOfBoundsException.class, () -> region.transferTo(0, -1, channel));
      try (FileChannel readOnly = FileChannel.open(channels.path("file", new byte[1]))) {
        assertThrows(NonWritableChannelException.class, () -> region.transferTo(0, 1, readOnly));
      }
      region.close();
      assertThrows(IllegalStateException.class, () -> region.transferTo(0, 1, channel));
      assertEquals(0, target.arrived().bytes().length);
    }
  }

  @Test
  void aSlowReaderGetsEveryByte() throws Exception {
    try (MappedRegion region = region(SIZE);
        ChannelKinds channels = new ChannelKinds(directory)) {
      byte[] expected = new byte[SIZE];
      region.read(0, expected, 0, SIZE);
      for (Kind kind : Kind.values()) {
        Opened opened = kind.open(channels);
        FutureTask<byte[]> reader = ChannelPair.started(() -> slowly(opened.peer()));
        assertEquals(SIZE, region.transferTo(0, SIZE, opened.target()));
        opened.target().close();
        assertArrayEquals(expected, reader.get(), kind.toString());
      }
    }
  }

  private static byte[] slowly(ReadableByteChannel peer) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    while (peer.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
      Thread.sleep(1);
    }
    return all.toByteArray();
  }

  private enum Kind {
    TCP,
    UNIX,
    PIPE;

    Opened open(ChannelKinds channels) throws IOException {
      if (this == PIPE) {
        Pipe pipe = Pipe.open();
        return new Opened(channels.keep(pipe.sink()), channels.keep(pipe.source()));
      }
      SocketChannel[] pair = this == TCP ? channels.tcp() : channels.unix();
      return new Opened(pair[0], pair[1]);
    }
  }

  private record Opened(WritableByteChannel target, ReadableByteChannel peer) {
    /**
     * To the last byte: TCP moves bytes on a little later than it takes them, and then takes more.
     */
    void fill() throws Exception {
      SelectableChannel channel = (SelectableChannel) target;
      channel.configureBlocking(false);
      for (int idle = 0; idle < 15; ) {
        boolean isFull = target.write(ByteBuffer.allocate(1 << 16)) == 0;
        idle = isFull ? idle + 1 : 0;
        if (isFull) {
          Thread.sleep(5);
        }
      }
      channel.configureBlocking(true);
    }
  }

  private enum Act {
    CLOSE_TARGET,
    CLOSE_REGION,
    INTERRUPT;

    void on(Channel target, MappedRegion region, Thread thread) throws IOException {
      switch (this) {
        case CLOSE_TARGET -> target.close();
        case CLOSE_REGION -> region.close();
        case INTERRUPT -> thread.interrupt();
      }
    }

    String expected(boolean isFull) {
      return switch (this) {
        case CLOSE_TARGET -> isFull ? "AsynchronousCloseException" : "count";
        case CLOSE_REGION -> isFull ? "IllegalStateException" : "count";
        case INTERRUPT -> "ClosedByInterruptException";
      };
    }
  }

  @TestFactory
  Stream<DynamicTest> whatWaitsEndsWithin100Ms() throws Exception {
    // A first transfer and a first exception load classes, which must not be timed.
    run(Kind.TCP, Act.INTERRUPT, true, false);
    List<DynamicTest> tests = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Act act : Act.values()) {
        for (boolean isFull : new boolean[] {false, true}) {
          for (boolean isVirtual : new boolean[] {false, true}) {
            if (!isVirtual || VirtualThreads.ARE_THERE) {
              String name =
                  String.format(
                      "%s %s%s%s", kind, act, isFull ? " full" : "", isVirtual ? " virtual" : "");
              tests.add(dynamicTest(name, () -> ends(kind, act, isFull, isVirtual)));
            }
          }
        }
      }
    }
    return tests.stream();
  }

  private void ends(Kind kind, Act act, boolean isFull, boolean isVirtual) throws Exception {
    for (int attempt = 1; ; attempt++) {
      TimeLimit begun = TimeLimit.begin();
      Ended ended = run(kind, act, isFull, isVirtual);
      // A full TCP connection makes room once more when its peer acknowledges late.
      boolean hadRoom = isFull && ended.how.equals("count");
      // A thread that had no processor in time has moved nothing yet.
      boolean hadNotBegun = !isFull && ended.how.equals(act.expected(true));
      if ((hadRoom || hadNotBegun && act != Act.INTERRUPT) && attempt < ATTEMPTS) {
        continue;
      }
      assertEquals(act.expected(isFull), ended.how);
      begun.assertWithin(ended.millis, "until it ended");
      return;
    }
  }

  private record Ended(String how, long millis) {}

  private Ended run(Kind kind, Act act, boolean isFull, boolean isVirtual) throws Exception {
    MappedRegion region = region(SIZE);
    ChannelKinds channels = new ChannelKinds(directory);
    Opened opened = kind.open(channels);
    if (isFull) {
      opened.fill();
    }
    FutureTask<Long> transfer = new FutureTask<>(() -> region.transferTo(0, SIZE, opened.target()));
    Thread thread = isVirtual ? VirtualThreads.start(transfer) : new Thread(transfer);
    if (!isVirtual) {
      thread.setDaemon(true);
      thread.start();
    }
    Thread.sleep(STALL_MILLIS);
    assertTrue(!transfer.isDone(), "it does not wait");
    long begun = System.nanoTime();
    FutureTask<Void> actor =
        ChannelPair.started(
            () -> {
              act.on(opened.target(), region, thread);
              return null;
            });
    // Neither hangs: a transfer that does keeps its channels open here as well.
    actor.get(HANGS_MILLIS, TimeUnit.MILLISECONDS);
    String end;
    try {
      long count = transfer.get(HANGS_MILLIS, TimeUnit.MILLISECONDS);
      assertTrue(count > 0 && count < SIZE, count + " bytes");
      end = "count";
    } catch (java.util.concurrent.ExecutionException e) {
      end = e.getCause().getClass().getSimpleName();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    assertEquals(act == Act.CLOSE_REGION, opened.target().isOpen());
    if (act != Act.CLOSE_REGION) {
      region.get(0);
    }
    region.close();
    channels.close();
    return new Ended(end, millis);
  }
}

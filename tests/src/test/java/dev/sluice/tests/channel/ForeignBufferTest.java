package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ForeignFileChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** How much of the library's memory a channel gets to see that is not the JDK's own. */
@Tag("both-guards")
class ForeignBufferTest {
  private static final int SIZE = 1_300_000;
  private static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(6).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** Keeps each buffer that it is offered, and whatever else can be reached through it. */
  private static class Keeper implements ByteChannel {
    private final List<ByteBuffer> kept = new ArrayList<>();
    private final List<byte[]> asOffered = new ArrayList<>();
    private final Map<Object, Boolean> arrays = new IdentityHashMap<>();
    private int given;

    /** The buffer shows exactly the bytes that are offered, and none of them was offered before. */
    void keep(ByteBuffer buffer) {
      assertEquals(0, buffer.position());
      assertEquals(buffer.capacity(), buffer.limit());
      assertEquals(buffer.capacity(), buffer.array().length);
      assertTrue(arrays.put(buffer.array(), true) == null, "the same memory twice");
      kept.add(buffer.duplicate());
      asOffered.add(buffer.array().clone());
    }

    @Override
    public int write(ByteBuffer buffer) {
      keep(buffer);
      int taken = buffer.remaining();
      buffer.position(buffer.limit());
      return taken;
    }

    @Override
    public int read(ByteBuffer buffer) {
      keep(buffer);
      assertArrayEquals(new byte[buffer.capacity()], buffer.array(), "somebody else's bytes");
      int size = Math.min(buffer.remaining(), SIZE - given);
      // Buffers that were handed over before must not matter any more.
      kept.forEach(earlier -> Arrays.fill(earlier.array(), (byte) 'x'));
      buffer.put(CONTENT, given, size);
      given += size;
      return size == 0 ? -1 : size;
    }

    void assertUnchanged() {
      for (int i = 0; i < kept.size(); i++) {
        assertArrayEquals(asOffered.get(i), kept.get(i).array(), "offer " + i);
      }
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private interface Transfer {
    long run(FileChannel file, Keeper keeper) throws IOException;
  }

  private static final Map<String, Transfer> INTO =
      Map.of(
          "transferTo",
          (file, keeper) -> Sluice.transferTo(file, 0, SIZE, keeper),
          "transfer of a file",
          (file, keeper) -> Sluice.transfer(file, keeper, SIZE),
          "transfer of another provider's file",
          (file, keeper) -> Sluice.transfer(new ForeignFileChannel(file), keeper, SIZE),
          "transfer of a stream",
          (file, keeper) ->
              Sluice.transfer(Channels.newChannel(new ByteArrayInputStream(CONTENT)), keeper, SIZE),
          "a region",
          (file, keeper) -> {
            try (MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, SIZE)) {
              return region.transferTo(0, SIZE, keeper);
            }
          });

  @TestFactory
  Stream<DynamicTest> anOfferShowsNothingElseAndIsNeverUsedAgain() throws IOException {
    Path path = Files.write(directory.resolve("content"), CONTENT);
    return INTO.entrySet().stream()
        .map(
            each ->
                dynamicTest(
                    each.getKey(),
                    () -> {
                      Keeper first = new Keeper();
                      Keeper second = new Keeper();
                      try (FileChannel file = FileChannel.open(path)) {
                        assertEquals(SIZE, each.getValue().run(file, first));
                        file.position(0);
                        assertEquals(SIZE, each.getValue().run(file, second));
                      }
                      first.assertUnchanged();
                      second.assertUnchanged();
                      byte[] arrived = new byte[SIZE];
                      ByteBuffer all = ByteBuffer.wrap(arrived);
                      first.asOffered.forEach(all::put);
                      assertArrayEquals(CONTENT, arrived);
                    }));
  }

  private static final Map<String, Transfer> FROM =
      Map.of(
          "transferFrom",
          (file, keeper) -> Sluice.transferFrom(file, keeper, 0, SIZE),
          "transfer into a file",
          (file, keeper) -> Sluice.transfer(keeper, file, SIZE),
          "transfer into another provider's file",
          (file, keeper) -> Sluice.transfer(keeper, new ForeignFileChannel(file), SIZE));

  @TestFactory
  Stream<DynamicTest> whatASourceWritesIntoABufferThatItKeptChangesNothing() {
    return FROM.entrySet().stream()
        .map(
            each ->
                dynamicTest(
                    each.getKey(),
                    () -> {
                      Path path = Files.write(directory.resolve(each.getKey()), new byte[0]);
                      try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite())) {
                        assertEquals(SIZE, each.getValue().run(file, new Keeper()));
                      }
                      assertArrayEquals(CONTENT, Files.readAllBytes(path));
                    }));
  }

  /** 600 of them, in a JVM with 64 MiB of direct memory, as 8 KiB each have room for. */
  @TestFactory
  Stream<DynamicTest> waitingInAForeignChannelTakesNoMoreThanWithNio() throws IOException {
    Path path = Files.write(directory.resolve("waiting"), new byte[Waiting.SIZE]);
    return Stream.of(Waiting.Way.values())
        .map(
            way ->
                dynamicTest(
                    way.toString(),
                    () -> {
                      ChildJvm.Result result =
                          new ChildJvm()
                              .with("-Xmx256m", "-XX:MaxDirectMemorySize=64m")
                              .run(Waiting.class, way.name(), path.toString());
                      assertEquals(0, result.exit(), result.output());
                    }));
  }

  /** Many transfers that wait in channels at the same time. */
  static final class Waiting {
    static final int SIZE = 100_000;
    private static final int COUNT = 600;

    enum Way {
      TO,
      FROM,
      BETWEEN,
      OUT_OF_A_REGION
    }

    private static final CountDownLatch WAITING = new CountDownLatch(COUNT);
    private static final CountDownLatch GO = new CountDownLatch(1);

    /** Goes on, in one of its calls, when all others have come that far. */
    private static final class Slow implements ByteChannel {
      private final int waitsIn;
      private int calls;
      private int left = SIZE;

      Slow(int waitsIn) {
        this.waitsIn = waitsIn;
      }

      private void await() throws IOException {
        if (++calls == waitsIn) {
          WAITING.countDown();
          try {
            GO.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
      }

      @Override
      public int write(ByteBuffer buffer) throws IOException {
        await();
        int taken = buffer.remaining();
        buffer.position(buffer.limit());
        return taken;
      }

      @Override
      public int read(ByteBuffer buffer) throws IOException {
        await();
        int given = Math.min(left, buffer.remaining());
        left -= given;
        buffer.position(buffer.position() + given);
        return given == 0 ? -1 : given;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    }

    public static void main(String[] arguments) throws Exception {
      Way way = Way.valueOf(arguments[0]);
      Map<String, Integer> failures = new ConcurrentHashMap<>();
      AtomicInteger complete = new AtomicInteger();
      try (FileChannel file = FileChannel.open(Path.of(arguments[1]), ChannelKinds.readWrite());
          MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, SIZE)) {
        IntConsumer one =
            waitsIn -> {
              try {
                long moved =
                    switch (way) {
                      case TO -> Sluice.transferTo(file, 0, SIZE, new Slow(waitsIn));
                      case FROM -> Sluice.transferFrom(file, new Slow(waitsIn), 0, SIZE);
                      case BETWEEN -> Sluice.transfer(new Slow(waitsIn), new Slow(waitsIn), SIZE);
                      case OUT_OF_A_REGION -> region.transferTo(0, SIZE, new Slow(waitsIn));
                    };
                if (moved == SIZE) {
                  complete.incrementAndGet();
                }
              } catch (Throwable e) {
                failures.merge(e.toString(), 1, Integer::sum);
                WAITING.countDown();
              }
            };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
          int waitsIn = i % 2 + 1;
          Runnable transfer = () -> one.accept(waitsIn);
          Thread thread = new Thread(null, transfer, "transfer " + i, 256 * 1024);
          thread.start();
          threads.add(thread);
        }
        if (!WAITING.await(40, TimeUnit.SECONDS)) {
          failures.put("not all came to wait", 1);
        }
        GO.countDown();
        for (Thread thread : threads) {
          thread.join();
        }
      }
      System.out.println(complete + " of " + COUNT + " complete, failures " + failures);
      System.exit(complete.get() == COUNT && failures.isEmpty() ? 0 : 1);
    }
  }
}

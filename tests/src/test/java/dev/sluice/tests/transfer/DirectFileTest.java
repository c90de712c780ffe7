package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.nio.file.ExtendedOpenOption;
import dev.sluice.Sluice;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.Implementation;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Files that were opened with {@link ExtendedOpenOption#DIRECT}, whose bytes move by whole blocks:
 * no byte is lost, and what NIO moves is moved.
 */
@Tag("both-guards")
@Tag("slow")
class DirectFileTest extends DirectFileFixture {
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

  /** Any number of bytes will do for the second. */
  private static final Set<FileSystemKind> FILE_SYSTEMS =
      EnumSet.of(FileSystemKind.TEMPORARY, FileSystemKind.TMPFS, FileSystemKind.XFS);

  /** Those whose transfer of a direct source never has to be refused. */
  private static final Set<Implementation> SERVES_ALL =
      EnumSet.of(
          Implementation.SLUICE, Implementation.SLUICE_FILE_CHANNEL, Implementation.READ_WRITE);

  @TestFactory
  Stream<DynamicTest> whatNioMovesOutOfADirectFileIsMovedAndTheRestAsWell() {
    return FILE_SYSTEMS.stream()
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
      String what = implementation + " to " + other + " of " + range + ": " + result.failure();
      byte[] expected =
          Arrays.copyOfRange(
              CONTENT, (int) range.position(), (int) (range.position() + result.moved()));
      assertArrayEquals(expected, result.arrived(), what);
      if (SERVES_ALL.contains(implementation)) {
        boolean isExact = implementation == Implementation.READ_WRITE;
        assertTrue(isExact || result.moved() >= nio.moved(), what + ", by NIO " + nio.moved());
        boolean takesAll = other != Other.DIRECT_FILE || exists(range) % BLOCK == 0;
        assertEquals(takesAll ? exists(range) : result.moved(), result.moved(), what);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatCannotBeStoredInADirectFileIsLeftInItsSource() {
    return FILE_SYSTEMS.stream()
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
          implementation + " from " + other + " " + coming + " " + range + ": " + result.failure();
      byte[] expected = Arrays.copyOf(CONTENT, (int) result.moved());
      assertArrayEquals(expected, result.arrived(), what);
      if (other != Other.FILE && other != Other.DIRECT_FILE && other != Other.FOREIGN) {
        assertEquals(range.count(), result.moved() + result.left(), what);
      }
      if (SERVES_ALL.contains(implementation)) {
        int possible = range.position() % BLOCK == 0 ? range.count() / BLOCK * BLOCK : 0;
        assertTrue(result.moved() >= possible, what + ", possible " + possible);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatNioMovesIntoADirectFileIsMoved() {
    return FILE_SYSTEMS.stream()
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
                          assertTrue(sluice.moved() >= nio.moved(), what);
                          assertTrue(!range.isWhole() || sluice.moved() == range.count(), what);
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
    FutureTask<Boolean> fed = new FutureTask<>(() -> feed(streams.sink(), content, Coming.IN_BITS));
    new Thread(fed).start();
    try (FileChannel to = open(target, true, StandardOpenOption.WRITE)) {
      FutureTask<Long> moved =
          new FutureTask<>(() -> Sluice.transferFrom(to, streams.source(), 0, content.length));
      VirtualThreads.start(moved);
      assertEquals(content.length, moved.get(20, TimeUnit.SECONDS));
    }
    await(fed);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void aNonBlockingSourceKeepsWhatIsNoBlockYet() throws Exception {
    boolean wantsBlocks = !Files.getFileStore(directory).type().equals("tmpfs");
    assumeTrue(wantsBlocks, "tmpfs takes any number of bytes");
    Path target = Files.write(directory.resolve("target"), new byte[0]);
    for (Other kind : List.of(Other.TCP, Other.PIPE)) {
      Streams streams = Streams.of(kind);
      ((SelectableChannel) streams.source()).configureBlocking(false);
      try (FileChannel to = open(target, true, StandardOpenOption.WRITE)) {
        streams.sink().write(ByteBuffer.wrap(CONTENT, 0, BLOCK + 100));
        assertEquals(BLOCK, arriving(to, streams.source(), 0), kind.toString());
        assertEquals(0, Sluice.transferFrom(to, streams.source(), BLOCK, 2 * BLOCK));
        streams.sink().write(ByteBuffer.wrap(CONTENT, BLOCK + 100, BLOCK - 100));
        assertEquals(BLOCK, arriving(to, streams.source(), BLOCK), kind.toString());
        streams.sink().close();
        assertEquals(0, Sluice.transferFrom(to, streams.source(), 2 * BLOCK, BLOCK));
      }
      streams.source().close();
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

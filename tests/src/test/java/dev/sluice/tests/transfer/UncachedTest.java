package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Composite;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import dev.sluice.TransferOption;
import dev.sluice.TransferReport;
import dev.sluice.Uncached;
import dev.sluice.tests.support.CachedPages;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelKinds.TargetKind;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an uncached transfer leaves in the page cache is what was there before, or the transfer is
 * refused.
 */
@Tag("both-guards")
class UncachedTest {
  private static final int BYTES = (6 << 20) + 777;
  private static final int MIB = 1 << 20;
  private static final int LIMIT = 96 << 20;
  private static final Uncached UNCACHED = TransferOption.uncached();

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> whatWasNotCachedIsNotCachedAfter() {
    return Stream.of(FileSystemKind.values())
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (FileSystemKind.Place place = kind.in(directory)) {
                        if (kind == FileSystemKind.TMPFS) {
                          isRefused(place.folder());
                        } else {
                          Cases.run(place.folder());
                        }
                      }
                    }));
  }

  /** As on a kernel before Linux 6.14, and on one before 6.5. */
  @TestFactory
  @Tag("any-jdk")
  Stream<DynamicTest> norByWhatOlderKernelsHave() {
    String flag = "preadv2=EOPNOTSUPP";
    return Stream.of(flag, flag + ",cachestat=ENOSYS")
        .map(
            refused ->
                dynamicTest(
                    refused,
                    () -> {
                      String refuse = System.getProperty("dev.sluice.tests.refuse");
                      assumeTrue(refuse != null, "needs -Ddev.sluice.tests.refuse");
                      Path folder = Files.createTempDirectory(directory, "old");
                      ChildJvm.Result result =
                          new ChildJvm()
                              .under(refuse, refused, "--")
                              .run(Cases.class, folder.toString());
                      assertEquals(0, result.exit(), result.output());
                    }));
  }

  /** To such a process the kernel does not tell what is cached. */
  @Test
  @Tag("any-jdk")
  void aFileOfAnotherUserIsSentByTheFlagAndRefusedWithoutIt() throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("setpriv");
    String refuse = System.getProperty("dev.sluice.tests.refuse");
    assumeTrue(refuse != null, "needs -Ddev.sluice.tests.refuse");
    Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "uncached");
    Path file = Files.write(folder.resolve("file"), new byte[3 * MIB]);
    try {
      Tools.run("chmod", "755", folder.toString());
      Tools.run("chmod", "644", file.toString());
      CachedPages.drop(file);
      String[] nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      ChildJvm.Result asOther = new ChildJvm().under(nobody).run(Other.class, file.toString());
      assertEquals("sent\n", asOther.output());
      assertTrue(CachedPages.of(file).isEmpty());
      ChildJvm.Result without =
          new ChildJvm()
              .under(refuse, "preadv2=EOPNOTSUPP", "--")
              .under(nobody)
              .run(Other.class, file.toString());
      assertEquals("refused\n", without.output());
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }

  /** Sends the second MiB of a file. */
  static final class Other {
    public static void main(String[] arguments) throws Exception {
      Pipe pipe = Pipe.open();
      try (FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pipe.source()));
        long sent = Sluice.transferTo(file, MIB, MIB, pipe.sink(), UNCACHED);
        pipe.sink().close();
        System.out.println(arrived.get().length == sent && sent == MIB ? "sent" : "sent " + sent);
      } catch (UnsupportedOperationException e) {
        System.out.println("refused");
      }
    }
  }

  /** The transfers that are looked at, on one file system. */
  static final class Cases {
    public static void main(String[] arguments) throws Exception {
      run(Path.of(arguments[0]));
    }

    static void run(Path folder) throws Exception {
      byte[] content = new byte[BYTES];
      new Random(1).nextBytes(content);
      Path source = Files.write(folder.resolve("source"), content);
      CachedPages.drop(source);
      assumeTrue(CachedPages.of(source).isEmpty(), "the file system does not drop its pages");
      try (ChannelKinds channels = new ChannelKinds(folder)) {
        send(channels, source, content, 0, 5_000, 3 * MIB);
        send(channels, source, content, 0, 0, BYTES);
        sendBehindTheEnd(channels, source);
        byte[] part = new byte[300_000];
        try (FileChannel file = FileChannel.open(source)) {
          file.read(ByteBuffer.wrap(part), MIB + 100);
        }
        assertFalse(CachedPages.of(source).isEmpty());
        send(channels, source, content, 0, 5_000, 2 * MIB);
        sendToAFullSocket(channels, source, content);
        receive(channels, content);
      }
      copy(source, content);
    }

    private static void send(
        ChannelKinds channels, Path source, byte[] content, int at, int from, int count)
        throws Exception {
      BitSet before = CachedPages.of(source);
      SocketChannel[] pair = channels.tcp();
      try (FileChannel file = FileChannel.open(source)) {
        FutureTask<byte[]> arrived = ChannelPair.started(() -> ChannelPair.drain(pair[1]));
        assertEquals(count, Sluice.transferTo(file, at + from, count, pair[0], UNCACHED));
        pair[0].close();
        byte[] expected = new byte[count];
        System.arraycopy(content, from, expected, 0, count);
        assertArrayEquals(expected, arrived.get(20, TimeUnit.SECONDS));
      }
      assertEquals(before, CachedPages.of(source));
    }

    /** The last page is read twice: its bytes, and that there are no more. */
    private static void sendBehindTheEnd(ChannelKinds channels, Path source) throws Exception {
      Path odd = source.resolveSibling("odd");
      for (int round = 0; round < 12; round++) {
        Files.write(odd, new byte[MIB + 1 + round]);
        CachedPages.drop(odd);
        SocketChannel[] pair = channels.tcp();
        try (FileChannel file = FileChannel.open(odd)) {
          assertEquals(1 + round, Sluice.transferTo(file, MIB, 5000, pair[0], UNCACHED));
        }
        assertEquals(new BitSet(), CachedPages.of(odd), "round " + round);
      }
    }

    /** What the socket has no room for was read in vain, and is not cached either. */
    private static void sendToAFullSocket(ChannelKinds channels, Path source, byte[] content)
        throws Exception {
      BitSet before = CachedPages.of(source);
      SocketChannel[] pair = channels.unix();
      pair[0].configureBlocking(false);
      try (FileChannel file = FileChannel.open(source)) {
        long sent = Sluice.transferTo(file, 3 * MIB, 3 * MIB, pair[0], UNCACHED);
        assertTrue(sent > 0 && sent < 3 * MIB, sent + " bytes");
        assertEquals(0, Sluice.transferTo(file, 3 * MIB, 3 * MIB, pair[0], UNCACHED));
      }
      assertEquals(before, CachedPages.of(source));
    }

    private static void receive(ChannelKinds channels, byte[] content) throws Exception {
      Path target = channels.path("target", content);
      CachedPages.drop(target);
      try (FileChannel file = FileChannel.open(target)) {
        file.read(ByteBuffer.allocate(100_000), 2 * MIB);
      }
      BitSet before = CachedPages.of(target);
      for (int position : new int[] {0, 777}) {
        SocketChannel[] pair = channels.tcp();
        FutureTask<Object> sender =
            ChannelPair.started(
                () -> {
                  // Pieces that end within pages.
                  for (int at = 0; at < BYTES; at += 65_483) {
                    int length = Math.min(65_483, BYTES - at);
                    pair[1].write(ByteBuffer.wrap(content, at, length));
                  }
                  pair[1].close();
                  return null;
                });
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
          long received =
              Sluice.transferFrom(file, pair[0], position, Long.MAX_VALUE - position, UNCACHED);
          assertEquals(BYTES, received);
        }
        sender.get(20, TimeUnit.SECONDS);
        assertEquals(before, CachedPages.of(target));
        send(channels, target, content, position, 0, BYTES);
      }
      SocketChannel[] pair = channels.tcp();
      pair[1].write(ByteBuffer.wrap(content, 0, 100_001));
      pair[1].close();
      Path whole = target.resolveSibling("whole");
      assertEquals(
          100_001, Sluice.receive(pair[0], whole, StandardOpenOption.CREATE_NEW, UNCACHED));
      assertEquals(new BitSet(), CachedPages.of(whole));
    }

    private static void copy(Path source, byte[] content) throws Exception {
      BitSet before = CachedPages.of(source);
      Path target = source.resolveSibling("copy");
      Sluice.copy(source, target, UNCACHED);
      assertEquals(new BitSet(), CachedPages.of(target));
      assertEquals(before, CachedPages.of(source));
      assertArrayEquals(content, Files.readAllBytes(target));
      Path into = Files.createFile(source.resolveSibling("into"));
      try (FileChannel from = FileChannel.open(source);
          FileChannel file = FileChannel.open(into, StandardOpenOption.WRITE)) {
        // No block that could be shared.
        assertEquals(BYTES - 5, Sluice.transferTo(from, 5, BYTES, file, UNCACHED));
      }
      assertEquals(new BitSet(), CachedPages.of(into));
      assertEquals(before, CachedPages.of(source));
      Files.copy(into, target, StandardCopyOption.REPLACE_EXISTING);
      assertEquals(-1, Files.mismatch(into, target));
    }
  }

  private void isRefused(Path folder) throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[100_000]);
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel opened = FileChannel.open(file, ChannelKinds.readWrite())) {
      ChannelKinds.Target target = channels.target(TargetKind.TCP);
      assertRefused(() -> Sluice.transferTo(opened, 0, 100_000, target.channel(), UNCACHED));
      assertEquals(0, target.arrived().bytes().length);
      SocketChannel[] pair = channels.tcp();
      pair[1].write(ByteBuffer.allocate(10));
      assertRefused(() -> Sluice.transferFrom(opened, pair[0], 0, 10, UNCACHED));
      assertEquals(10, pair[0].read(ByteBuffer.allocate(100)), "nothing was taken");
      Path copy = directory.resolve("copy");
      assertRefused(() -> Sluice.copy(file, copy, UNCACHED));
      assertFalse(Files.exists(copy));
    }
  }

  private static void assertRefused(ThrowingCall call) {
    Throwable told = assertThrows(UnsupportedOperationException.class, call::run);
    assertTrue(told.getMessage().contains("RWF_DONTCACHE"), told.getMessage());
  }

  private interface ThrowingCall {
    void run() throws IOException;
  }

  @Test
  void whatCannotKeepThePromiseIsRefusedBeforeAByteHasMoved() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path path = channels.path("file", new byte[1000]);
      FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      ChannelKinds.Target foreign = channels.target(TargetKind.ARBITRARY);
      assertThrows(
          UnsupportedOperationException.class,
          () -> Sluice.transferTo(file, 0, 1000, foreign.channel(), UNCACHED));
      assertEquals(0, foreign.arrived().bytes().length);
      SocketChannel[] pair = channels.tcp();
      Composite composite = Composite.of(ByteBuffer.allocate(1)).add(file, 0, 1000);
      assertThrows(UnsupportedOperationException.class, () -> composite.sendTo(pair[0], UNCACHED));
      pair[1].write(ByteBuffer.allocate(100));
      assertEquals(100, Sluice.transfer(pair[0], pair[0], 100, UNCACHED), "no file, no pages");
      Path large = channels.path("large", new byte[MIB]);
      FileChannel same = channels.keep(FileChannel.open(large, ChannelKinds.readWrite()));
      assertThrows(
          UnsupportedOperationException.class,
          () -> Sluice.transferTo(same, 0, MIB, same.position(5), UNCACHED));
      assertThrows(
          IllegalArgumentException.class,
          () -> Sluice.copy(path, path.resolveSibling("sparse"), Sparse.ALWAYS, UNCACHED));
    }
  }

  @Test
  void aReportTellsTheMechanism() throws Exception {
    Path path = Files.write(directory.resolve("told"), new byte[MIB]);
    try (ChannelKinds channels = new ChannelKinds(directory);
        FileChannel file = FileChannel.open(path)) {
      ChannelKinds.Target target = channels.target(TargetKind.FILE);
      List<TransferReport> told =
          Sluice.explain(() -> Sluice.transferTo(file, 5, MIB - 5, target.channel(), UNCACHED));
      assertEquals(MIB - 5, told.get(0).bytes());
      Map<Mechanism, Long> moved = new TreeMap<>();
      told.get(0).steps().forEach(step -> moved.put(step.mechanism(), step.bytes()));
      moved.values().removeIf(bytes -> bytes == 0);
      assertEquals(Map.of(Mechanism.READ_WRITE, MIB - 5L), moved);
    }
  }

  /**
   * A container of 96 MiB, of which the JVM takes half, keeps what it uses, while 256 MiB are sent.
   */
  @Test
  @Tag("any-jdk")
  void aNeighbourStaysInMemory() throws Exception {
    Tools.assumeRoot();
    Path groups = Path.of("/sys/fs/cgroup/memory");
    boolean isFirst = Files.exists(groups.resolve("memory.limit_in_bytes"));
    if (!isFirst) {
      groups = Path.of("/sys/fs/cgroup");
      assumeTrue(
          Files.exists(groups.resolve("cgroup.subtree_control"))
              && Files.readString(groups.resolve("cgroup.subtree_control")).contains("memory"),
          "needs a memory controller of cgroups");
    }
    Path group = groups.resolve("sluice-test-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(group);
      Files.writeString(
          group.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max"), String.valueOf(LIMIT));
    } catch (IOException e) {
      assumeTrue(false, "needs the right to make a cgroup: " + e);
    }
    try {
      Path large = directory.resolve("large");
      Tools.run("dd", "if=/dev/zero", "of=" + large, "bs=1M", "count=256", "status=none");
      CachedPages.drop(large);
      Path neighbour = Files.write(directory.resolve("neighbour"), new byte[16 * MIB]);
      CachedPages.drop(neighbour);
      String enter = "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"";
      ChildJvm.Result result =
          new ChildJvm()
              .under("sh", "-c", enter, "sh")
              .with("-Xmx12m", "-XX:+UseSerialGC")
              .run(Contained.class, large.toString(), neighbour.toString());
      assertEquals(0, result.exit(), result.output());
      // The JVM itself takes memory of the container, so that the kernel may look for a page or
      // two.
      long pages = 16L * MIB / Tools.pageSize();
      long kept = CachedPages.of(neighbour).cardinality();
      assertTrue(kept >= pages - pages / 100, kept + " of " + pages + " pages are left");
      assertTrue(CachedPages.of(large).isEmpty());
    } finally {
      Files.delete(group);
    }
  }

  /** Uses a file, sends another, and uses nothing else. */
  static final class Contained {
    public static void main(String[] arguments) throws Exception {
      Path neighbour = Path.of(arguments[1]);
      ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
      try (FileChannel file = FileChannel.open(neighbour)) {
        for (int round = 0; round < 2; round++) {
          file.position(0);
          while (file.read(buffer.clear()) > 0) {}
        }
      }
      try (FileChannel target = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
        long sent = Sluice.send(Path.of(arguments[0]), target, UNCACHED);
        if (sent != 256L * MIB) {
          throw new AssertionError(sent);
        }
      }
    }
  }
}

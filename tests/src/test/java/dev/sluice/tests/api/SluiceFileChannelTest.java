package dev.sluice.tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ForeignFileChannel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A SluiceFileChannel is a FileChannel: each method gives what the JDK's own channel gives. */
@Tag("both-guards")
class SluiceFileChannelTest {
  private static final String CONTENT = "0123456789abcdef";

  @TempDir Path directory;

  /** One use of a channel: what it gave, in words. */
  private interface Use {
    Object of(FileChannel file) throws Exception;
  }

  /** Every method of the class, with good and bad arguments. */
  private static final Map<String, Use> USES = new LinkedHashMap<>();

  static {
    USES.put("read", file -> file.read(ByteBuffer.allocate(5)));
    USES.put("read from a position", file -> file.read(ByteBuffer.allocate(5), 14));
    USES.put("read from beyond the end", file -> file.read(ByteBuffer.allocate(5), 99));
    USES.put("read from a negative position", file -> file.read(ByteBuffer.allocate(5), -1));
    USES.put("read into many", file -> file.read(buffers(3, 4, 5)));
    USES.put("read into some", file -> file.read(buffers(3, 4, 5), 1, 1));
    USES.put("read into none that is there", file -> file.read(buffers(3), 1, 1));
    USES.put(
        "read into a read-only buffer",
        file -> file.read(ByteBuffer.allocate(5).asReadOnlyBuffer()));
    USES.put("write", file -> file.write(text("xyz")));
    USES.put("write to a position", file -> file.write(text("xyz"), 30));
    USES.put("write to a negative position", file -> file.write(text("xyz"), -1));
    USES.put("write many", file -> file.write(new ByteBuffer[] {text("xy"), text("z")}));
    USES.put("write some", file -> file.write(new ByteBuffer[] {text("xy"), text("z")}, 1, 1));
    USES.put("position", FileChannel::position);
    USES.put("set position", file -> file.position(7) == file);
    USES.put("set position beyond the end", file -> file.position(70).size());
    USES.put("set negative position", file -> file.position(-1));
    USES.put("size", FileChannel::size);
    USES.put("truncate", file -> file.truncate(4) == file);
    USES.put("truncate beyond the end", file -> file.truncate(40).size());
    USES.put("truncate to less than nothing", file -> file.truncate(-1));
    USES.put("force", file -> done(() -> file.force(true)));
    USES.put("lock", file -> lock(file, file.lock()));
    USES.put("lock a range", file -> lock(file, file.lock(3, 4, false)));
    USES.put("lock shared", file -> lock(file, file.lock(3, 4, true)));
    USES.put("lock less than nothing", file -> file.lock(-3, 4, true));
    USES.put("tryLock", file -> lock(file, file.tryLock()));
    USES.put("tryLock a range", file -> lock(file, file.tryLock(3, 4, false)));
    USES.put("lock twice", SluiceFileChannelTest::lockTwice);
    USES.put("lock, release, lock", SluiceFileChannelTest::lockAgain);
    USES.put("a lock ends with its channel", SluiceFileChannelTest::lockThenClose);
    USES.put("map", file -> file.map(FileChannel.MapMode.READ_ONLY, 2, 5).get(0));
    USES.put("map beyond the end", file -> file.map(FileChannel.MapMode.READ_ONLY, 10, 50));
    USES.put("map and extend", SluiceFileChannelTest::mapAndExtend);
    USES.put("map less than nothing", file -> file.map(FileChannel.MapMode.READ_ONLY, 0, -1));
    USES.put("map too much", file -> file.map(FileChannel.MapMode.READ_ONLY, 0, 1L << 31));
    USES.put("map privately", file -> file.map(FileChannel.MapMode.PRIVATE, 0, 4).put(0, (byte) 1));
    USES.put("close twice", file -> done(file::close) + done(file::close));
    USES.put("closed: read", file -> closed(file).read(ByteBuffer.allocate(5)));
    USES.put("closed: write", file -> closed(file).write(text("x")));
    USES.put("closed: position", file -> closed(file).position());
    USES.put("closed: size", file -> closed(file).size());
    USES.put("closed: truncate", file -> closed(file).truncate(0));
    USES.put("closed: force", file -> done(() -> closed(file).force(false)));
    USES.put("closed: lock", file -> closed(file).lock());
    USES.put("closed: tryLock", file -> closed(file).tryLock());
    USES.put("closed: map", file -> closed(file).map(FileChannel.MapMode.READ_ONLY, 0, 1));
    USES.put("closed: transferTo", file -> closed(file).transferTo(0, 1, file));
    USES.put("closed: transferFrom", file -> closed(file).transferFrom(file, 0, 1));
    USES.put("interrupted: read", file -> interrupted(() -> file.read(ByteBuffer.allocate(5))));
    USES.put("interrupted: write", file -> interrupted(() -> file.write(text("x"))));
    USES.put("interrupted: size", file -> interrupted(file::size));
    USES.put("interrupted: lock", file -> interrupted(file::lock));
  }

  /** Ways of opening the file. */
  private static final Map<String, Set<OpenOption>> OPENED =
      Map.of(
          "for both", Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
          "for reading", Set.of(StandardOpenOption.READ),
          "for writing", Set.of(StandardOpenOption.WRITE),
          "for appending", Set.of(StandardOpenOption.APPEND));

  @TestFactory
  Stream<DynamicTest> everyMethodGivesWhatTheJdksGives() {
    return OPENED.entrySet().stream()
        .flatMap(
            opened ->
                USES.entrySet().stream()
                    .map(
                        use ->
                            dynamicTest(
                                use.getKey() + ", opened " + opened.getKey(),
                                () -> assertEqualUse(use.getValue(), opened.getValue()))));
  }

  private void assertEqualUse(Use use, Set<OpenOption> options) throws IOException {
    Path jdks = Files.writeString(directory.resolve("jdks"), CONTENT);
    Path sluices = Files.writeString(directory.resolve("sluices"), CONTENT);
    assertEquals(
        outcome(FileChannel.open(jdks, options), jdks, use),
        outcome(SluiceFileChannel.open(sluices, options), sluices, use));
  }

  private static String outcome(FileChannel file, Path path, Use use) throws IOException {
    try (file) {
      String result;
      try {
        Object value = use.of(file);
        result =
            value instanceof MappedByteBuffer buffer
                ? buffer.capacity() + " bytes, direct " + buffer.isDirect()
                : String.valueOf(value);
      } catch (Exception e) {
        result = e.getClass().getName();
      }
      boolean wasInterrupted = Thread.interrupted();
      return String.join(
          ", ",
          result,
          "interrupted " + wasInterrupted,
          file.isOpen() ? "open at " + file.position() : "closed",
          Files.readString(path, StandardCharsets.ISO_8859_1));
    }
  }

  /** What the JDK adds to the class cannot be forgotten here. */
  @Test
  void everyMethodOfFileChannelThatCanBeOverriddenIs() {
    List<String> forgotten =
        Arrays.stream(FileChannel.class.getMethods())
            .filter(method -> FileChannel.class.isAssignableFrom(method.getDeclaringClass()))
            .filter(method -> (method.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0)
            .filter(method -> overrider(method).getDeclaringClass() == FileChannel.class)
            .map(Method::toString)
            .toList();
    assertEquals(List.of(), forgotten);
  }

  private static Method overrider(Method method) {
    try {
      return SluiceFileChannel.class.getMethod(method.getName(), method.getParameterTypes());
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theStaticMethodsOpenOneToo() throws IOException {
    Path path = directory.resolve("new");
    try (FileChannel file =
        SluiceFileChannel.open(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      assertInstanceOf(SluiceFileChannel.class, file);
    }
    try (SluiceFileChannel file = SluiceFileChannel.open(path)) {
      assertSame(file, SluiceFileChannel.wrap(file));
    }
  }

  @Test
  void itsTransfersAreSluices() throws IOException {
    Path path = Files.writeString(directory.resolve("source"), CONTENT);
    Pipe pipe = Pipe.open();
    try (SluiceFileChannel file = SluiceFileChannel.open(path);
        SluiceFileChannel copy =
            SluiceFileChannel.open(
                directory.resolve("copy"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      // An exact mechanism of the kernel needs the descriptors of both.
      assertEquals(16, Mechanism.SENDFILE.transferTo(file, 0, 16, copy));
      assertEquals(16, Mechanism.COPY_FILE_RANGE.transferFrom(copy, file, 16, 16));
      assertEquals(4, Mechanism.SPLICE.transferTo(file, 0, 4, sink));
      assertEquals(4, Mechanism.SPLICE.transfer(source, copy, 4));
      String report = Sluice.explainTransferTo(file, 0, 16, copy).toString();
      assertFalse(report.contains("READ_WRITE"), report);
      // And so do its own methods: the JDK's stop at 8 KiB buffers, which splice does not need.
      assertEquals(16, file.transferTo(0, 16, sink));
      assertEquals(16, copy.transferFrom(source, 0, 16));
    }
  }

  @Test
  void regionsAreMappedFromItAndSentToIt() throws IOException {
    Path path = Files.writeString(directory.resolve("source"), CONTENT);
    Path copy = directory.resolve("copy");
    try (SluiceFileChannel source = SluiceFileChannel.open(path);
        SluiceFileChannel target =
            SluiceFileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        MappedRegion region =
            MappedRegion.map(source, FileChannel.MapMode.READ_ONLY, 1, CONTENT.length() - 1)) {
      assertEquals(15, region.transferTo(0, 15, target));
      assertEquals('1', Sluice.map(source, FileChannel.MapMode.READ_ONLY, 1, 5).get(0));
    }
    assertEquals(CONTENT.substring(1), Files.readString(copy));
  }

  @Test
  void closingEitherClosesTheOther() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    FileChannel inner = FileChannel.open(path);
    SluiceFileChannel.wrap(inner).close();
    assertFalse(inner.isOpen());

    FileChannel other = FileChannel.open(path);
    SluiceFileChannel outer = SluiceFileChannel.wrap(other);
    other.close();
    assertThrows(ClosedChannelException.class, outer::size);
    assertFalse(outer.isOpen());
    assertFalse(SluiceFileChannel.wrap(other).isOpen());
  }

  @Test
  void anInterruptedTransferClosesBothWrappers() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    try (SluiceFileChannel source = SluiceFileChannel.open(path);
        SluiceFileChannel target =
            SluiceFileChannel.open(
                directory.resolve("copy"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> source.transferTo(0, 16, target));
      assertTrue(Thread.interrupted());
      assertFalse(source.isOpen());
      assertFalse(target.isOpen());
    }
  }

  @Test
  void closingEndsATransferThatWaits() throws Exception {
    Path path = Files.write(directory.resolve("large"), new byte[8 << 20]);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SluiceFileChannel source = channels.keep(SluiceFileChannel.open(path));
      FutureTask<Long> stalled =
          ChannelPair.started(() -> source.transferTo(0, 8 << 20, channels.tcp()[0]));
      Thread.sleep(200);
      assertFalse(stalled.isDone());
      source.close();
      assertTrue(stalled.get(10, TimeUnit.SECONDS) > 0);
    }
  }

  @Test
  void theLockSaysWhoseItIs() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    FileLock lock;
    try (SluiceFileChannel file =
        SluiceFileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      lock = file.lock();
      assertSame(file, lock.channel());
      assertSame(file, lock.acquiredBy());
      assertTrue(lock.isValid());
      try (FileChannel another = FileChannel.open(path, StandardOpenOption.WRITE)) {
        assertThrows(OverlappingFileLockException.class, another::tryLock);
      }
      lock.close();
      assertFalse(lock.isValid());
      lock = file.tryLock(0, 1, false);
    }
    assertFalse(lock.isValid());
  }

  @Test
  void aFileOfAnotherProviderKeepsItsOwnMethods() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    Path copy = directory.resolve("copy");
    try (SluiceFileChannel source =
            SluiceFileChannel.wrap(new ForeignFileChannel(FileChannel.open(path)));
        FileChannel target =
            FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertEquals(16, source.transferTo(0, 16, target));
    }
    assertEquals(CONTENT, Files.readString(copy));
    assertThrows(NullPointerException.class, () -> SluiceFileChannel.wrap(null));
  }

  /** {@code map(MapMode, long, long, Arena)}, which JDK 17 lacks: called by its name. */
  @Test
  void aSegmentIsMappedOnJdk22AndNewer() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "needs JDK 22 or newer");
    Class<?> arenas = Class.forName("java.lang.foreign.Arena");
    Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
    Method map =
        SluiceFileChannel.class.getMethod(
            "map", FileChannel.MapMode.class, long.class, long.class, arenas);
    assertNotEquals(FileChannel.class, map.getDeclaringClass());
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    AutoCloseable arena = (AutoCloseable) arenas.getMethod("ofConfined").invoke(null);
    try (arena;
        FileChannel file = SluiceFileChannel.open(path)) {
      Method anyMap =
          FileChannel.class.getMethod(
              "map", FileChannel.MapMode.class, long.class, long.class, arenas);
      Object segment = anyMap.invoke(file, FileChannel.MapMode.READ_ONLY, 3L, 5L, arena);
      assertEquals(5L, segments.getMethod("byteSize").invoke(segment));
      ByteBuffer bytes = (ByteBuffer) segments.getMethod("asByteBuffer").invoke(segment);
      assertEquals("34567", StandardCharsets.US_ASCII.decode(bytes).toString());
    }
  }

  // -- parts of the uses --

  private interface Action {
    void run() throws IOException;
  }

  private interface Call {
    Object run() throws IOException;
  }

  private static String done(Action action) throws IOException {
    action.run();
    return "done";
  }

  private static Object interrupted(Call call) throws IOException {
    Thread.currentThread().interrupt();
    return call.run();
  }

  private static FileChannel closed(FileChannel file) throws IOException {
    file.close();
    return file;
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer[] buffers(int... sizes) {
    return Arrays.stream(sizes).mapToObj(ByteBuffer::allocate).toArray(ByteBuffer[]::new);
  }

  private static String lock(FileChannel file, FileLock lock) {
    return lock.position()
        + " "
        + lock.size()
        + " "
        + lock.isShared()
        + " "
        + lock.isValid()
        + " "
        + (lock.channel() == file)
        + " "
        + lock.overlaps(5, 1);
  }

  private static String lockTwice(FileChannel file) throws IOException {
    FileLock first = file.lock(0, 5, false);
    try {
      return String.valueOf(file.tryLock(4, 5, false));
    } catch (OverlappingFileLockException e) {
      return "overlap, first " + first.isValid();
    }
  }

  private static String lockAgain(FileChannel file) throws IOException {
    FileLock first = file.lock(0, 5, false);
    first.release();
    first.release();
    return first.isValid() + " " + file.lock(4, 5, false).isValid();
  }

  private static String lockThenClose(FileChannel file) throws IOException {
    FileLock lock = file.lock(0, 5, false);
    file.close();
    try {
      lock.release();
      return "released";
    } catch (ClosedChannelException e) {
      return "closed, lock " + lock.isValid();
    }
  }

  private static String mapAndExtend(FileChannel file) throws IOException {
    MappedByteBuffer buffer = file.map(FileChannel.MapMode.READ_WRITE, 10, 50);
    buffer.put(49, (byte) 'z');
    buffer.force();
    return buffer.capacity() + " of " + file.size();
  }
}

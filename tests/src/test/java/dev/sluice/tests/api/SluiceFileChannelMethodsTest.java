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

import dev.sluice.SluiceFileChannel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A SluiceFileChannel is a FileChannel: each method gives what the JDK's own channel gives. */
@Tag("both-guards")
class SluiceFileChannelMethodsTest {
  private static final String CONTENT = "0123456789abcdef";

  @TempDir Path directory;

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
                FileChannelUses.USES.entrySet().stream()
                    .map(
                        use ->
                            dynamicTest(
                                use.getKey() + ", opened " + opened.getKey(),
                                () -> assertEqualUse(use.getValue(), opened.getValue()))));
  }

  private void assertEqualUse(FileChannelUses.Use use, Set<OpenOption> options) throws IOException {
    Path jdks = Files.writeString(directory.resolve("jdks"), CONTENT);
    Path sluices = Files.writeString(directory.resolve("sluices"), CONTENT);
    assertEquals(
        outcome(FileChannel.open(jdks, options), jdks, use),
        outcome(SluiceFileChannel.open(sluices, options), sluices, use));
  }

  private static String outcome(FileChannel file, Path path, FileChannelUses.Use use)
      throws IOException {
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

  /** A method that a JDK adds to the class cannot be forgotten here. */
  @Test
  void everyMethodOfFileChannelThatCanBeOverriddenIs() {
    List<String> forgotten =
        Arrays.stream(FileChannel.class.getMethods())
            .filter(method -> FileChannel.class.isAssignableFrom(method.getDeclaringClass()))
            .filter(method -> (method.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0)
            .filter(method -> !isPreview(method))
            .filter(method -> overrider(method).getDeclaringClass() == FileChannel.class)
            .map(Method::toString)
            .toList();
    assertEquals(List.of(), forgotten);
  }

  /** JDK 21 has methods on memory segments, which only programs with previews may call. */
  private static boolean isPreview(Method method) {
    return Runtime.version().feature() < 22
        && Arrays.stream(method.getParameterTypes())
            .anyMatch(type -> type.getPackageName().equals("java.lang.foreign"));
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
}

package dev.sluice.tests.copy;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others see of a copy that is made at once, or goes on in turns. */
@Tag("any-jdk")
class CopySeenTest {
  @TempDir Path directory;

  private Path source(int bytes) throws IOException {
    return Files.write(directory.resolve("source"), new byte[bytes]);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A program that reloads its configuration would otherwise drop the file. */
  @ParameterizedTest
  @ValueSource(ints = {3_000, 5 << 20})
  void whoWatchesTheDirectorySeesTheTargetComeLast(int bytes) throws Exception {
    Path source = source(bytes);
    Path target = Files.writeString(directory.resolve("target"), "former");
    List<WatchEvent.Kind<?>> seen = new ArrayList<>();
    try (WatchService watched = directory.getFileSystem().newWatchService()) {
      directory.register(watched, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      Sluice.copy(source, target, REPLACE_EXISTING);
      Path last = Files.writeString(directory.resolve("last"), "");
      boolean isOver = false;
      while (!isOver) {
        WatchKey key = watched.poll(10, TimeUnit.SECONDS);
        for (WatchEvent<?> event : key.pollEvents()) {
          isOver |= event.context().equals(last.getFileName());
          if (event.context().equals(target.getFileName())) {
            seen.add(event.kind());
          }
        }
        key.reset();
      }
    }
    assertFalse(seen.isEmpty());
    assertNotEquals(ENTRY_DELETE, seen.get(seen.size() - 1), seen::toString);
  }

  /** Copies to a new file. */
  static final class Copying {
    public static void main(String[] arguments) throws IOException {
      Sluice.copy(Path.of(arguments[0]), Path.of(arguments[1]));
    }
  }

  /** Somebody else may have put a file of his own in its place by then. */
  @Test
  void aTargetThatTakesLongIsNotDeletedAndMadeAnew() throws Exception {
    Tools.assumeTool("strace");
    Path source = source(3 << 20);
    Path target = directory.resolve("target");
    Path trace = directory.resolve("trace");
    String slow = "inject=copy_file_range,sendfile,write:delay_enter=70000";
    ChildJvm.Result result =
        new ChildJvm()
            .under("strace", "-f", "-o", trace.toString(), "-P", target.toString(), "-e", slow)
            .run(Copying.class, source.toString(), target.toString());
    assertEquals(0, result.exit(), result.output());
    assertEquals(-1, Files.mismatch(source, target));
    List<String> calls = Files.readAllLines(trace);
    long created = calls.stream().filter(call -> call.contains("O_CREAT")).count();
    assertEquals(1, created, calls::toString);
    assertFalse(calls.stream().anyMatch(call -> call.contains("unlink")), calls::toString);
    assertTrue(calls.toString().contains("(DELAYED)"), calls::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {3_000, 5 << 20})
  void whereNothingMayBeDeletedNoTemporaryFileIsLeft(int bytes) throws Exception {
    Path source = source(bytes);
    Path target = Files.writeString(directory.resolve("target"), "former");
    Tools.assumeRuns("root, and directories that only grow", "chattr", "+a", directory.toString());
    try {
      Sluice.copy(source, directory.resolve("new"));
      assertThrows(FileSystemException.class, () -> Sluice.copy(source, target, REPLACE_EXISTING));
      assertEquals("former", Files.readString(target));
      assertEquals(List.of("new", "source", "target"), names());
    } finally {
      Tools.run("chattr", "-a", directory.toString());
    }
  }
}

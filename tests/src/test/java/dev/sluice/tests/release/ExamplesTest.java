package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ReleasedFiles;
import dev.sluice.tests.support.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say, with the released jar. */
class ExamplesTest {
  private static final int LIMIT_SECONDS = 60;
  private static final int SIZE = 3_000_000;
  private static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(9).nextBytes(CONTENT);
  }

  @TempDir Path directory;

  /** One example as a process, killed at the end. */
  private record Running(Process process, String url) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private static List<String> command(String example, List<String> options, String... arguments) {
    Path source = ReleasedFiles.sources().resolve("examples").resolve(example);
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", ReleasedFiles.file(".jar").toString(), source.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts a server on any port, and waits until it says where it listens. */
  private Running server(String example, String... options) throws IOException {
    Path errors = directory.resolveSibling(directory.getFileName() + ".err");
    Process process =
        started(
            new ProcessBuilder(command(example, List.of(options), directory.toString(), "0"))
                .redirectError(errors.toFile()));
    BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
    String url = output.readLine();
    if (url == null) {
      throw new AssertionError(example + ": " + Files.readString(errors));
    }
    Files.deleteIfExists(errors);
    return new Running(process, url);
  }

  /** Starts a process that does not outlive its test, which may be waiting for its output. */
  private static Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    return process;
  }

  private static byte[] curl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "60"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor(), command.toString());
    return output;
  }

  private static String text(byte[] bytes) {
    return new String(bytes);
  }

  // -- the file server --

  private static void assumeVirtualThreads() {
    assumeTrue(Runtime.version().feature() >= 21, "needs JDK 21 or newer: virtual threads");
    Tools.assumeTool("curl");
  }

  @Test
  void theFileServerServesWholeFilesAndRanges() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("file"), CONTENT);
    try (Running server = server("FileServer.java")) {
      String url = server.url + "/file";
      assertArrayEquals(CONTENT, curl(url));
      assertRange(url, "100-199", 100, 200);
      assertRange(url, "2999000-", 2_999_000, SIZE);
      assertRange(url, "2999000-9999999", 2_999_000, SIZE);
      assertRange(url, "-500", SIZE - 500, SIZE);
      String head = text(curl("--head", "--range", "0-9", url));
      assertTrue(head.startsWith("HTTP/1.1 206 "), head);
      assertTrue(head.contains("Content-Range: bytes 0-9/3000000"), head);
      assertTrue(head.contains("Content-Length: 10\r\n"), head);
      assertTrue(text(curl("--head", url)).contains("Accept-Ranges: bytes"));
      assertEquals("416", status("--range", "3000000-", url));
      assertEquals("416", status("--range", "99999999999999999999-", url));
      assertEquals("404", status(server.url + "/nothing"));
      assertEquals("404", status("--path-as-is", server.url + "/../" + directory.getFileName()));
      assertEquals("405", status("--request", "DELETE", url));
      // Two files by one connection.
      byte[] twice = curl("--range", "0-9", url, url);
      assertEquals(20, twice.length);
    }
  }

  private static void assertRange(String url, String range, int start, int end) throws Exception {
    assertArrayEquals(Arrays.copyOfRange(CONTENT, start, end), curl("--range", range, url), range);
  }

  private static String status(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--output", "/dev/null", "--write-out"));
    all.add("%{http_code}");
    all.addAll(List.of(arguments));
    return text(curl(all.toArray(new String[0])));
  }

  @Test
  void aSlowReaderOfTheFileServerKeepsNobodyWaiting() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("large"), new byte[64 << 20]);
    Files.write(directory.resolve("file"), CONTENT);
    // With one carrier nobody else is served while a transfer keeps it.
    try (Running server = server("FileServer.java", "-Djdk.virtualThreadScheduler.parallelism=1")) {
      Process slow =
          started(
              new ProcessBuilder(
                  "curl",
                  "--silent",
                  "--limit-rate",
                  "2M",
                  "--output",
                  "/dev/null",
                  server.url + "/large"));
      try {
        for (int fetched = 0; fetched < 3; fetched++) {
          assertArrayEquals(CONTENT, curl(server.url + "/file"));
        }
        assertTrue(slow.isAlive(), "the slow one has been served before the others");
      } finally {
        slow.destroyForcibly().onExit().join();
      }
      assertArrayEquals(CONTENT, curl("--limit-rate", "4M", server.url + "/file"));
    }
  }

  // -- the receiver --

  @Test
  void theReceiverStoresWhatCurlUploads() throws Exception {
    Tools.assumeTool("curl");
    try (Running server = server("UploadReceiver.java")) {
      for (int size : new int[] {0, 10, SIZE}) {
        Path sent = directory.resolveSibling(directory.getFileName() + ".sent");
        Files.write(sent, Arrays.copyOf(CONTENT, size));
        try {
          String status = status("--upload-file", sent.toString(), server.url + "/got-" + size);
          assertEquals("201", status);
        } finally {
          Files.delete(sent);
        }
        byte[] got = Files.readAllBytes(directory.resolve("got-" + size));
        assertArrayEquals(Arrays.copyOf(CONTENT, size), got);
      }
      assertEquals("400", status(server.url + "/got-10"));
    }
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    try (Running server = server("UploadReceiver.java")) {
      int port = Integer.parseInt(server.url.substring(server.url.lastIndexOf(':') + 1));
      try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
        String half = "PUT /half HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nonly this";
        client.write(ByteBuffer.wrap(half.getBytes()));
        client.shutdownOutput();
        // The receiver closes without an answer.
        assertEquals(0, ChannelPair.drain(client).length);
      }
      try (Stream<Path> left = Files.list(directory)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  // -- cp --

  private ChildJvm.Result cp(String... arguments) throws Exception {
    return ChildJvm.run(command("Cp.java", List.of(), arguments));
  }

  @Test
  void cpCopiesIntoADirectoryAndKeepsWhatItIsToldTo() throws Exception {
    Path source = Files.write(directory.resolve("source"), CONTENT);
    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertEquals(0, cp(source.toString(), folder.toString()).exit());
    assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("source")));
    ChildJvm.Result again = cp("-n", source.toString(), folder.toString());
    assertEquals(1, again.exit());
    assertTrue(again.output().contains("FileAlreadyExistsException"), again.output());
    ChildJvm.Result unknown = cp("--fast", "a", "b");
    assertEquals(2, unknown.exit());
    assertTrue(unknown.output().contains("unknown option --fast"), unknown.output());
  }

  @Test
  void cpKeepsHolesOrWritesThemOut() throws Exception {
    Path source = directory.resolve("holes");
    try (FileChannel file =
        FileChannel.open(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(4096), 16 << 20);
    }
    Path sparse = directory.resolve("sparse");
    Path full = directory.resolve("full");
    assertEquals(0, cp(source.toString(), sparse.toString()).exit());
    assertEquals(
        0, cp("--sparse=never", "--reflink=never", source.toString(), full.toString()).exit());
    assertEquals(-1, Files.mismatch(source, sparse));
    assertEquals(-1, Files.mismatch(source, full));
    assertTrue(onDisk(sparse) < 1024, "KiB: " + onDisk(sparse));
    assertTrue(onDisk(full) >= 16 * 1024, "KiB: " + onDisk(full));
  }

  private static long onDisk(Path file) throws Exception {
    return Long.parseLong(Tools.run("du", "-k", file.toString()).split("\\s")[0]);
  }

  @Test
  void cpSharesExtentsWhereTheFileSystemCanOrSaysThatItCannot() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("xfs"));
    try (Tools.Mount mount = Tools.Mount.ofImage(folder, "xfs", "-m", "reflink=1")) {
      Path source = Files.write(mount.folder().resolve("source"), CONTENT);
      Path clone = mount.folder().resolve("clone");
      assertEquals(0, cp("--reflink", source.toString(), clone.toString()).exit());
      assertArrayEquals(CONTENT, Files.readAllBytes(clone));
      Path elsewhere = directory.resolve("elsewhere");
      ChildJvm.Result refused = cp("--reflink=always", source.toString(), elsewhere.toString());
      assertEquals(1, refused.exit());
      assertTrue(refused.output().contains("UnsupportedMechanismException"), refused.output());
      assertFalse(Files.exists(elsewhere));
      assertEquals(0, cp("--reflink=auto", source.toString(), elsewhere.toString()).exit());
      assertArrayEquals(CONTENT, Files.readAllBytes(elsewhere));
    }
  }

  // -- the tail of a log --

  @Test
  void theTailShowsTheLastLinesAndWhatIsAppended() throws Exception {
    Path log = directory.resolve("log");
    StringBuilder before = new StringBuilder();
    for (int line = 0; line < 30_000; line++) {
      before.append("line ").append(line).append('\n');
    }
    Files.writeString(log, before);
    Path errors = directory.resolve("errors");
    Process tail =
        started(
            new ProcessBuilder(command("LogTail.java", List.of(), log.toString(), "3"))
                .redirectError(errors.toFile()));
    try (Running running = new Running(tail, "");
        BufferedReader output =
            new BufferedReader(new InputStreamReader(running.process.getInputStream()))) {
      for (int line = 29_997; line < 30_000; line++) {
        assertEquals("line " + line, output.readLine(), () -> errorsOf(errors));
      }
      Files.writeString(log, "appended\nand more\n", StandardOpenOption.APPEND);
      assertEquals("appended", output.readLine());
      assertEquals("and more", output.readLine());
      Files.writeString(log, "anew\n");
      assertEquals("anew", output.readLine());
      assertTrue(tail.isAlive());
    }
    assertTrue(Files.readString(errors).contains("the log was truncated"));
  }

  private static String errorsOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  // -- all of them --

  @Test
  void noneIsLongerThan150Lines() throws IOException {
    try (Stream<Path> all = Files.walk(ReleasedFiles.sources().resolve("examples"))) {
      List<Path> examples = all.filter(Files::isRegularFile).toList();
      assertTrue(examples.size() >= 5, examples.toString());
      for (Path example : examples) {
        int lines = Files.readAllLines(example).size();
        assertTrue(lines < 150, example + " has " + lines + " lines");
      }
    }
  }
}

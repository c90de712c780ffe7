package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The example FileServer serves files and ranges of them. */
class FileServerExampleTest extends ExampleFixture {
  @Test
  void theFileServerServesWholeFilesAndRanges() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("file"), CONTENT);
    try (Running server = server("FileServer.java")) {
      String url = server.url() + "/file";
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
      assertEquals("404", status(server.url() + "/nothing"));
      assertEquals("404", status("--path-as-is", server.url() + "/../" + directory.getFileName()));
      assertEquals("405", status("--request", "DELETE", url));
      // Two files by one connection.
      byte[] twice = curl("--range", "0-9", url, url);
      assertEquals(20, twice.length);
    }
  }

  private static void assertRange(String url, String range, int start, int end) throws Exception {
    assertArrayEquals(Arrays.copyOfRange(CONTENT, start, end), curl("--range", range, url), range);
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
                  server.url() + "/large"));
      try {
        for (int fetched = 0; fetched < 3; fetched++) {
          assertArrayEquals(CONTENT, curl(server.url() + "/file"));
        }
        assertTrue(slow.isAlive(), "the slow one has been served before the others");
      } finally {
        slow.destroyForcibly().onExit().join();
      }
      assertArrayEquals(CONTENT, curl("--limit-rate", "4M", server.url() + "/file"));
    }
  }
}

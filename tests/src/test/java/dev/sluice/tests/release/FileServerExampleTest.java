package dev.sluice.tests.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
      String part = new String(curl("--include", "--range", "0-9", url), ISO_8859_1);
      assertTrue(part.startsWith("HTTP/1.1 206 "), part);
      assertTrue(part.contains("Content-Range: bytes 0-9/3000000"), part);
      assertTrue(part.contains("Content-Length: 10\r\n"), part);
      // Ranges are for GET alone (RFC 9110, 14.2).
      String head = text(curl("--head", "--range", "0-9", url));
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      assertTrue(head.contains("Content-Length: 3000000\r\n"), head);
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

  @Test
  void whatLiesBelowTheDirectoryIsServedAndWhatALinkNamesOutsideOfItIsNot() throws Exception {
    assumeVirtualThreads();
    Path below = Files.createDirectories(directory.resolve("below/deep"));
    Files.write(below.resolve("file"), CONTENT);
    Files.createSymbolicLink(directory.resolve("link"), below);
    Files.createSymbolicLink(below.resolve("self"), Path.of("file"));
    Files.createSymbolicLink(directory.resolve("out"), Path.of("/etc"));
    Files.createSymbolicLink(below.resolve("passwd"), Path.of("/etc/passwd"));
    try (Running server = server("FileServer.java")) {
      for (String path :
          List.of("below/deep/file", "link/file", "link/self", "below//deep/../deep/./file")) {
        assertArrayEquals(CONTENT, curl("--path-as-is", server.url() + "/" + path), path);
      }
      for (String path :
          List.of(
              "out/passwd",
              "link/passwd",
              "link/..",
              "link/../../../etc/passwd",
              "/etc/passwd",
              "below/deep/file/.",
              "below",
              "",
              "%2e%2e/%2e%2e/etc/passwd",
              "%2fetc%2fpasswd",
              "%00",
              "link/../deep")) {
        assertEquals("404", status("--path-as-is", server.url() + "/" + path), path);
      }
    }
  }

  @Test
  void severalRangesAreOneResponse() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("file.html"), CONTENT);
    try (Running server = server("FileServer.java")) {
      String url = server.url() + "/file.html";
      byte[] answer = curl("--include", "--range", "0-9,100-30000,-5", url);
      String parts = new String(answer, ISO_8859_1);
      assertTrue(parts.startsWith("HTTP/1.1 206 "), parts.substring(0, 300));
      String boundary = parts.replaceFirst("(?s).*boundary=(\\S+).*", "$1");
      String[] each = parts.split("\r\n--" + boundary + "(--)?\r\n", -1);
      assertEquals(5, each.length);
      assertEquals("", each[4]);
      assertPart(each[1], "bytes 0-9/3000000", 0, 10);
      assertPart(each[2], "bytes 100-30000/3000000", 100, 30_001);
      assertPart(each[3], "bytes 2999995-2999999/3000000", SIZE - 5, SIZE);
      int body = parts.length() - parts.indexOf("\r\n\r\n") - 4;
      assertTrue(parts.contains("Content-Length: " + body + "\r\n"), parts.substring(0, 300));
    }
  }

  private static void assertPart(String part, String range, int start, int end) {
    String expected = new String(Arrays.copyOfRange(CONTENT, start, end), ISO_8859_1);
    assertEquals(
        "Content-Type: text/html\r\nContent-Range: " + range + "\r\n\r\n" + expected, part);
  }

  @Test
  void aFileThatHasNotChangedIsNotSentAgain() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("file"), CONTENT);
    try (Running server = server("FileServer.java")) {
      String url = server.url() + "/file";
      String head = text(curl("--head", url));
      String tag = field(head, "ETag");
      String changed = field(head, "Last-Modified");
      assertTrue(field(head, "Date").endsWith(" GMT"), head);
      assertEquals("304", status("--header", "If-None-Match: \"other\", W/" + tag, url));
      assertEquals("304", status("--header", "If-Modified-Since: " + changed, url));
      assertEquals("200", status("--header", "If-None-Match: \"other\"", url));
      assertEquals("412", status("--header", "If-Match: \"other\"", url));
      assertEquals("200", status("--header", "If-Match: *", url));
      String early = "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT";
      assertEquals("412", status("--header", early, url));
      String[] range = {"--range", "0-9", "--header"};
      assertEquals("206", status(range[0], range[1], range[2], "If-Range: " + tag, url));
      assertEquals("206", status(range[0], range[1], range[2], "If-Range: " + changed, url));
      assertEquals("200", status(range[0], range[1], range[2], "If-Range: \"other\"", url));
    }
  }

  private static String field(String head, String name) {
    return head.replaceFirst("(?s).*\r\n" + name + ": ([^\r]*)\r\n.*", "$1");
  }

  /** What clients other than curl may send: each is answered, and none is taken for another. */
  @Test
  void everyRequestIsAnsweredForItself() throws Exception {
    assumeVirtualThreads();
    Files.write(directory.resolve("a b"), new byte[] {'x'});
    try (Running server = server("FileServer.java")) {
      String host = "\r\nHost: here\r\n\r\n";
      assertAnswers(server, "GET /a%20b HTTP/1.1" + host, "200");
      assertAnswers(server, "GET http://here:80/a%20b?q#f HTTP/1.1" + host, "200");
      assertAnswers(server, "GET /a%20b HTTP/1.0\r\n\r\n", "200");
      assertAnswers(server, "GET /a%20b HTTP/1.1\r\n\r\n", "400");
      assertAnswers(server, "GET /a%20b HTTP/2.0" + host, "505");
      assertAnswers(server, "nonsense" + host, "400");
      assertAnswers(server, "GET /a%20b HTTP/1.1\r\nHost : here\r\n\r\n", "400");
      assertAnswers(server, "GET /" + "a".repeat(9000) + " HTTP/1.1" + host, "431");
      String body = "GET /a%20b HTTP/1.1\r\nHost: here\r\nContent-Length: 29\r\n\r\n";
      assertAnswers(
          server,
          body + "GET /no HTTP/1.1\r\nHost: h\r\n\r\n" + "GET /a%20b HTTP/1.1" + host,
          "200",
          "200");
      String chunked = "\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
      assertAnswers(server, "GET /a%20b HTTP/1.1" + chunked, "411");
      assertAnswers(server, "GET /a%20b HTTP/1.1" + host + "GET /no HTTP/1.1" + host, "200", "404");
    }
  }

  private static void assertAnswers(Running server, String sent, String... statuses)
      throws Exception {
    URI uri = URI.create(server.url());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      List<String> seen =
          answer
              .lines()
              .map(line -> line.substring(Math.max(0, line.indexOf("HTTP/1.1 "))))
              .filter(line -> line.startsWith("HTTP/1.1 "))
              .map(line -> line.split(" ")[1])
              .toList();
      assertEquals(List.of(statuses), seen, sent + "\n" + answer);
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

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Sluice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the files below a directory over HTTP/1.1, with range requests. Each connection has a
 * virtual thread, so that a slow peer keeps no other connection waiting. JDK 21 and newer.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp sluice.jar FileServer.java DIRECTORY [PORT]
 * </pre>
 */
public final class FileServer {
  private static final int HEAD_LIMIT = 8192;
  private static final Pattern RANGE = Pattern.compile("(?im)^range: *bytes=(\\d*)-(\\d*) *\\r?$");
  private static final Pattern CLOSE = Pattern.compile("(?im)^connection: *close *\\r?$");

  private final Path root;

  private FileServer(Path root) {
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    FileServer files = new FileServer(Path.of(arguments[0]).toRealPath());
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", port));
      System.out.println("http:/" + server.getLocalAddress());
      while (true) {
        SocketChannel client = server.accept();
        Thread.startVirtualThread(() -> files.serve(client));
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      ByteBuffer input = ByteBuffer.allocate(HEAD_LIMIT);
      String head = nextHead(client, input);
      while (head != null && respond(client, head) && !CLOSE.matcher(head).find()) {
        head = nextHead(client, input);
      }
    } catch (IOException e) {
      System.err.println(e);
    }
  }

  /** Reads a request up to its empty line; null if the peer has ended or sends too long a head. */
  private static String nextHead(SocketChannel client, ByteBuffer input) throws IOException {
    while (true) {
      int end = new String(input.array(), 0, input.position(), ISO_8859_1).indexOf("\r\n\r\n");
      if (end >= 0) {
        String head = new String(input.array(), 0, end, ISO_8859_1);
        input.flip().position(end + 4);
        input.compact();
        return head;
      }
      if (!input.hasRemaining() || client.read(input) < 0) {
        return null;
      }
    }
  }

  /** Answers one request. Returns whether the connection can be used for another request. */
  private boolean respond(SocketChannel client, String head) throws IOException {
    String[] request = head.split("\r\n", 2)[0].split(" ");
    if (request.length != 3 || !(request[0].equals("GET") || request[0].equals("HEAD"))) {
      send(client, "405 Method Not Allowed", "Allow: GET, HEAD\r\nContent-Length: 0");
      return false;
    }
    Path path = find(request[1]);
    if (path == null) {
      send(client, "404 Not Found", "Content-Length: 0");
      return true;
    }
    try (FileChannel file = FileChannel.open(path)) {
      long size = file.size();
      long start = 0;
      long end = size;
      Matcher range = RANGE.matcher(head);
      boolean isPart = range.find() && !(range.group(1) + range.group(2)).isEmpty();
      if (isPart && range.group(1).isEmpty()) {
        start = Math.max(0, size - number(range.group(2)));
      } else if (isPart) {
        start = number(range.group(1));
        end = range.group(2).isEmpty() ? size : Math.min(size, number(range.group(2)) + 1);
      }
      if (isPart && start >= end) {
        send(
            client,
            "416 Range Not Satisfiable",
            "Content-Range: bytes */" + size + "\r\nContent-Length: 0");
        return true;
      }
      send(
          client,
          isPart ? "206 Partial Content" : "200 OK",
          "Accept-Ranges: bytes\r\n"
              + (isPart
                  ? "Content-Range: bytes " + start + "-" + (end - 1) + "/" + size + "\r\n"
                  : "")
              + "Content-Length: "
              + (end - start));
      if (request[0].equals("HEAD")) {
        return true;
      }
      // If the file got shorter, the connection ends: the peer waits for the announced bytes.
      return Sluice.transferTo(file, start, end - start, client) == end - start;
    }
  }

  /** Returns the file that a request names, or null if the directory has no such file. */
  private Path find(String target) throws IOException {
    try {
      Path path = root.resolve(URLDecoder.decode(target.split("\\?", 2)[0], UTF_8).substring(1));
      boolean isInside = Files.isRegularFile(path) && path.toRealPath().startsWith(root);
      return isInside ? path : null;
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Parses digits, which may name a larger number than any file has bytes. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
  }

  private static void send(SocketChannel client, String status, String fields) throws IOException {
    String head = "HTTP/1.1 " + status + "\r\n" + fields + "\r\n\r\n";
    ByteBuffer bytes = ISO_8859_1.encode(head);
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }
}

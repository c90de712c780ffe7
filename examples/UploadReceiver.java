import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.Sluice;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Receives files by HTTP PUT into a directory, as {@code curl -T FILE http://127.0.0.1:8081/NAME}
 * sends them. The bytes go from the socket into the file inside the kernel. The file gets its name
 * when it is complete.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp sluice.jar UploadReceiver.java DIRECTORY [PORT]
 * </pre>
 */
public final class UploadReceiver {
  private static final int HEAD_LIMIT = 8192;
  private static final Pattern REQUEST =
      Pattern.compile("PUT /([\\w-][\\w.-]*) HTTP/1\\.1\r\n.*", Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile("(?im)^content-length: *(\\d{1,18}) *\\r?$");
  private static final Pattern EXPECT = Pattern.compile("(?im)^expect: *100-continue *\\r?$");

  private UploadReceiver() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]).toRealPath();
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8081;
    ExecutorService pool = Executors.newCachedThreadPool();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", port));
      System.out.println("http:/" + server.getLocalAddress());
      while (true) {
        SocketChannel client = server.accept();
        pool.execute(() -> receive(client, directory));
      }
    }
  }

  private static void receive(SocketChannel client, Path directory) {
    try (client) {
      ByteBuffer input = ByteBuffer.allocate(HEAD_LIMIT);
      String head = readHead(client, input);
      Matcher request = REQUEST.matcher(head);
      Matcher length = LENGTH.matcher(head);
      if (!request.matches() || !length.find()) {
        send(client, "400 Bad Request");
        return;
      }
      if (EXPECT.matcher(head).find()) {
        send(client, "100 Continue");
      }
      Path part = Files.createTempFile(directory, ".upload-", ".part");
      try {
        store(client, input, part, Long.parseLong(length.group(1)));
        Files.move(part, directory.resolve(request.group(1)), ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      send(client, "201 Created");
    } catch (IOException e) {
      System.err.println(e);
    }
  }

  /** Writes the bytes that came with the head, and lets the kernel move the rest. */
  private static void store(SocketChannel client, ByteBuffer first, Path part, long length)
      throws IOException {
    try (FileChannel file = FileChannel.open(part, WRITE)) {
      first.limit((int) Math.min(first.limit(), first.position() + length));
      long stored = 0;
      while (first.hasRemaining()) {
        stored += file.write(first, stored);
      }
      stored += Sluice.transferFrom(file, client, stored, length - stored);
      if (stored < length) {
        throw new EOFException("the peer ended after " + stored + " bytes of " + length);
      }
    }
  }

  /** Reads the request up to its empty line. The buffer then holds the bytes behind it. */
  private static String readHead(SocketChannel client, ByteBuffer input) throws IOException {
    while (true) {
      int end = new String(input.array(), 0, input.position(), ISO_8859_1).indexOf("\r\n\r\n");
      if (end >= 0) {
        input.flip().position(end + 4);
        return new String(input.array(), 0, end + 2, ISO_8859_1);
      }
      if (!input.hasRemaining() || client.read(input) < 0) {
        throw new EOFException("no request within " + input.position() + " bytes");
      }
    }
  }

  private static void send(SocketChannel client, String status) throws IOException {
    String fields = status.startsWith("100") ? "" : "Content-Length: 0\r\nConnection: close\r\n";
    ByteBuffer bytes = ISO_8859_1.encode("HTTP/1.1 " + status + "\r\n" + fields + "\r\n");
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }
}

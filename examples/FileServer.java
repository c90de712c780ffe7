import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Composite;
import dev.sluice.TransferOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Serves the files below a directory over HTTP/1.0 and 1.1: whole, in one or several ranges, and
 * only if they have changed. Each response is a {@link Composite}: head and file, or all ranges, go
 * out as one. Each connection has a virtual thread, and is closed where its peer sends no request,
 * or takes no byte, for 30 seconds. JDK 21 and newer.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp sluice.jar FileServer.java DIRECTORY [PORT]
 * </pre>
 */
public final class FileServer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TransferOption WHILE_TAKEN = TransferOption.idle(PATIENCE);
  private static final int HEAD_LIMIT = 8192;

  /** A request for more ranges gets the whole file (RFC 9110, 14.2). */
  private static final int MOST_RANGES = 32;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A real path has no link; one that has come there meanwhile is not followed. */
  private static final Set<OpenOption> TO_READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path root;

  /** The connections that are open. */
  private final Set<Requests> connections = ConcurrentHashMap.newKeySet();

  private FileServer(Path root) {
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    FileServer files = new FileServer(Path.of(arguments[0]).toRealPath());
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
      System.out.println("http:/" + server.getLocalAddress());
      Thread.startVirtualThread(files::closeIdle);
      while (true) {
        SocketChannel client = server.accept();
        Thread.startVirtualThread(() -> files.serve(client));
      }
    }
  }

  private void serve(SocketChannel client) {
    Requests requests = new Requests(client);
    connections.add(requests);
    try (client) {
      try {
        boolean goesOn = true;
        while (goesOn) {
          Request request = requests.next();
          goesOn = request != null && respond(client, request);
        }
      } catch (BadRequestException e) {
        end(client, e.getMessage());
      }
    } catch (AsynchronousCloseException | SocketTimeoutException e) {
      // The peer has sent no request for a while, or has not ended after the last answer.
    } catch (IOException e) {
      System.err.println(e);
    } finally {
      connections.remove(requests);
    }
  }

  /**
   * Closes each connection whose peer sends nothing. Looking once a second costs less than a timer
   * for each read: the JDK changes the socket's mode before and after a read with a timeout.
   */
  private void closeIdle() {
    while (true) {
      try {
        Thread.sleep(1000);
        for (Requests each : connections) {
          each.closeIfIdle();
        }
      } catch (IOException | InterruptedException e) {
        System.err.println(e);
      }
    }
  }

  /** Tells a peer what was wrong, and that the connection ends. */
  private static void end(SocketChannel client, String status) throws IOException {
    new Response(status).with("Connection", "close").send(client, true);
    // Bytes that nobody reads would reset the connection before the peer has read the answer.
    client.shutdownOutput();
    client.socket().setSoTimeout(1000);
    client.socket().getInputStream().skip(1 << 20);
  }

  /** A request that is answered by a status, after which the connection ends. */
  private static final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1;

    BadRequestException(String status) {
      super(status);
    }
  }

  /** One request: its line and its fields, whose names are in small letters. */
  private record Request(String method, String path, boolean isOld, Map<String, String> fields) {
    Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    boolean isKeptAlive() {
      String connection = field("connection").orElse("").toLowerCase();
      return isOld ? connection.contains("keep-alive") : !connection.contains("close");
    }
  }

  /** The requests of one connection. */
  private static final class Requests {
    private final SocketChannel client;
    private final byte[] input = new byte[HEAD_LIMIT];
    private int filled;

    /** Bytes of a request's body, which are left out before the next request. */
    private long body;

    /** Since when the peer has been waited for, by the nanosecond clock; 0 while it is not. */
    private volatile long waitingSince;

    Requests(SocketChannel client) {
      this.client = client;
    }

    void closeIfIdle() throws IOException {
      long since = waitingSince;
      if (since != 0 && System.nanoTime() - since > PATIENCE.toNanos()) {
        client.close();
      }
    }

    /** The next request, or null if the peer has ended. */
    Request next() throws IOException {
      leaveOutBody();
      int end = endOfHead();
      while (end < 0) {
        if (filled == input.length) {
          throw new BadRequestException("431 Request Header Fields Too Large");
        }
        if (!read()) {
          return null;
        }
        end = endOfHead();
      }
      String head = new String(input, 0, end, ISO_8859_1).stripLeading();
      drop(end + 4);
      Request request = parsed(head);
      body = number(request.fields.getOrDefault("content-length", "0"));
      return request;
    }

    private boolean read() throws IOException {
      waitingSince = System.nanoTime() | 1;
      int read = client.read(ByteBuffer.wrap(input, filled, input.length - filled));
      waitingSince = 0;
      filled += Math.max(0, read);
      return read >= 0;
    }

    private void drop(int bytes) {
      System.arraycopy(input, bytes, input, 0, filled - bytes);
      filled -= bytes;
    }

    private void leaveOutBody() throws IOException {
      while (body > 0) {
        int dropped = (int) Math.min(body, filled);
        drop(dropped);
        body -= dropped;
        if (body > 0 && !read()) {
          return;
        }
      }
    }

    private int endOfHead() {
      return new String(input, 0, filled, ISO_8859_1).indexOf("\r\n\r\n");
    }

    private static Request parsed(String head) throws BadRequestException {
      int end = lineEnd(head, 0);
      int target = head.indexOf(' ') + 1;
      int version = head.lastIndexOf(' ', end) + 1;
      if (target == 0 || version - target < 2 || head.indexOf(' ', target) != version - 1) {
        throw new BadRequestException("400 Bad Request");
      }
      ensureKnown(head.substring(version, end));
      boolean isOld = head.startsWith("HTTP/1.0", version);
      Map<String, String> fields = new TreeMap<>();
      for (int at = end + 2; at < head.length(); at = end + 2) {
        end = lineEnd(head, at);
        int colon = head.indexOf(':', at);
        if (colon <= at || colon >= end || hasSpace(head, at, colon)) {
          throw new BadRequestException("400 Bad Request");
        }
        String name = head.substring(at, colon).toLowerCase(Locale.ROOT);
        fields.merge(
            name, head.substring(colon + 1, end).strip(), (one, more) -> one + ", " + more);
      }
      String length = fields.get("content-length");
      if (!isOld && !fields.containsKey("host") || length != null && !length.matches("\\d+")) {
        throw new BadRequestException("400 Bad Request");
      }
      if (fields.containsKey("transfer-encoding")) {
        throw new BadRequestException("411 Length Required");
      }
      String path = path(head.substring(target, version - 1));
      return new Request(head.substring(0, target - 1), path, isOld, fields);
    }

    private static int lineEnd(String head, int from) {
      int end = head.indexOf("\r\n", from);
      return end < 0 ? head.length() : end;
    }

    private static void ensureKnown(String version) throws BadRequestException {
      if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
        return;
      }
      if (!version.matches("HTTP/\\d\\.\\d")) {
        throw new BadRequestException("400 Bad Request");
      }
      if (!version.startsWith("HTTP/1.")) {
        throw new BadRequestException("505 HTTP Version Not Supported");
      }
    }

    private static boolean hasSpace(String text, int from, int to) {
      for (int at = from; at < to; at++) {
        if (text.charAt(at) <= ' ') {
          return true;
        }
      }
      return false;
    }

    /** The path of a target, which may be a whole URI. */
    private static String path(String target) throws BadRequestException {
      try {
        String path = target.startsWith("/") ? target : URI.create(target).getRawPath();
        path = before('#', before('?', path));
        return path.indexOf('%') < 0 ? path : URLDecoder.decode(path.replace("+", "%2B"), UTF_8);
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new BadRequestException("400 Bad Request");
      }
    }
  }

  private static String before(char mark, String text) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  /** Answers one request. Returns whether the connection can be used for another request. */
  private boolean respond(SocketChannel client, Request request) throws IOException {
    boolean isHead = request.method.equals("HEAD");
    if (!isHead && !request.method.equals("GET")) {
      Response refused = new Response("405 Method Not Allowed").with("Allow", "GET, HEAD");
      return refused.sendFor(request, client);
    }
    Found found = find(request.path);
    if (found == null || !found.attributes.isRegularFile()) {
      return new Response("404 Not Found").sendFor(request, client);
    }
    Instant changed = found.attributes.lastModifiedTime().toInstant();
    try (FileChannel file = FileChannel.open(found.path, TO_READ)) {
      return answer(request, found.path, changed, file).sendFor(request, client);
    }
  }

  private static Response answer(Request request, Path path, Instant changed, FileChannel file)
      throws IOException {
    long size = file.size();
    String tag =
        "\"" + Long.toHexString(changed.toEpochMilli()) + "-" + Long.toHexString(size) + "\"";
    String type = URLConnection.getFileNameMap().getContentTypeFor(path.toString());
    Validators validators = new Validators(request, tag, changed.truncatedTo(ChronoUnit.SECONDS));
    Optional<String> status = validators.status();
    Response response;
    if (status.isPresent()) {
      response = new Response(status.get());
    } else {
      List<Range> ranges =
          validators.areRangesWanted() ? Range.of(request.fields.get("range"), size) : null;
      response = withContent(file, size, type == null ? "application/octet-stream" : type, ranges);
    }
    return response
        .with("ETag", tag)
        .with("Last-Modified", Dates.of(changed))
        .with("Accept-Ranges", "bytes");
  }

  private static Response withContent(
      FileChannel file, long size, String type, List<Range> ranges) {
    if (ranges == null) {
      return new Response("200 OK").with("Content-Type", type).add(file, new Range(0, size));
    }
    if (ranges.isEmpty()) {
      return new Response("416 Range Not Satisfiable").with("Content-Range", "bytes */" + size);
    }
    Response part = new Response("206 Partial Content");
    if (ranges.size() == 1) {
      Range range = ranges.get(0);
      return part.with("Content-Type", type)
          .with("Content-Range", range.within(size))
          .add(file, range);
    }
    String boundary = "part-" + Long.toHexString(System.nanoTime()) + "-of-" + size;
    for (Range range : ranges) {
      part.add("\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\n");
      part.add("Content-Range: " + range.within(size) + "\r\n\r\n").add(file, range);
    }
    part.add("\r\n--" + boundary + "--\r\n");
    return part.with("Content-Type", "multipart/byteranges; boundary=" + boundary);
  }

  /** What a request makes its answer depend on (RFC 9110, 13). */
  private record Validators(Request request, String tag, Instant changed) {
    /** The status that takes the place of the file, if there is one. */
    Optional<String> status() {
      boolean mustMatch = request.fields.containsKey("if-match");
      boolean mayMatch = request.fields.containsKey("if-none-match");
      boolean isOther =
          mustMatch
              ? !isAmong("if-match")
              : date("if-unmodified-since").filter(changed::isAfter).isPresent();
      if (isOther) {
        return Optional.of("412 Precondition Failed");
      }
      boolean isSame =
          mayMatch
              ? isAmong("if-none-match")
              : date("if-modified-since").filter(date -> !changed.isAfter(date)).isPresent();
      return isSame ? Optional.of("304 Not Modified") : Optional.empty();
    }

    boolean areRangesWanted() {
      boolean isSame =
          request.field("if-range").map(tag::equals).orElse(true)
              || date("if-range").filter(changed::equals).isPresent();
      return isSame && request.method.equals("GET") && request.fields.containsKey("range");
    }

    private boolean isAmong(String field) {
      return Arrays.stream(request.fields.get(field).split(","))
          .map(each -> each.strip().replaceFirst("^W/", ""))
          .anyMatch(each -> each.equals("*") || each.equals(tag));
    }

    private Optional<Instant> date(String field) {
      try {
        return request.field(field).map(text -> Instant.from(HTTP_DATE.parse(text)));
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }

  /** The bytes from {@code start} to before {@code end}. */
  private record Range(long start, long end) {
    String within(long size) {
      return "bytes " + start + "-" + (end - 1) + "/" + size;
    }

    /** The ranges that a file has; null if the field is to be ignored. */
    static List<Range> of(String field, long size) {
      String[] specs = field.replaceFirst("(?i)^bytes *= *", "").split(" *, *");
      if (!field.regionMatches(true, 0, "bytes", 0, 5) || specs.length > MOST_RANGES) {
        return null;
      }
      List<Range> ranges = new ArrayList<>();
      for (String spec : specs) {
        if (!spec.matches("\\d+-\\d*|-\\d+")) {
          return null;
        }
        int dash = spec.indexOf('-');
        String last = spec.substring(dash + 1);
        long start = dash == 0 ? Math.max(0, size - number(last)) : number(spec.substring(0, dash));
        long end = dash == 0 || last.isEmpty() ? size : Math.min(size, number(last) + 1);
        if (dash > 0 && !last.isEmpty() && number(last) < start) {
          return null;
        }
        if (start < end) {
          ranges.add(new Range(start, end));
        }
      }
      return ranges;
    }
  }

  /** A response: a status, fields, and the bytes that follow. */
  private static final class Response {
    private final StringBuilder head = new StringBuilder("HTTP/1.1 ");
    private final List<Object> content = new ArrayList<>();
    private final boolean hasLength;
    private long length;

    private record Part(FileChannel file, Range range) {}

    Response(String status) {
      head.append(status).append("\r\n");
      hasLength = !status.startsWith("304");
      with("Date", Dates.of(Instant.now()));
    }

    Response with(String name, String value) {
      head.append(name).append(": ").append(value).append("\r\n");
      return this;
    }

    Response add(String text) {
      ByteBuffer bytes = bytes(text);
      content.add(bytes);
      length += bytes.remaining();
      return this;
    }

    Response add(FileChannel file, Range range) {
      content.add(new Part(file, range));
      length += range.end - range.start;
      return this;
    }

    private static ByteBuffer bytes(String text) {
      return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /** Answers a request. Returns whether the connection can be used for another. */
    boolean sendFor(Request request, SocketChannel client) throws IOException {
      boolean isKept = request.isKeptAlive();
      with("Connection", isKept ? "keep-alive" : "close");
      return send(client, !request.method.equals("HEAD")) && isKept;
    }

    private boolean send(SocketChannel client, boolean withContent) throws IOException {
      if (hasLength) {
        with("Content-Length", String.valueOf(length));
      }
      Composite response = Composite.of(bytes(head.append("\r\n").toString()));
      for (Object each : withContent ? content : List.of()) {
        if (each instanceof Part part) {
          response.add(part.file, part.range.start, part.range.end - part.range.start);
        } else {
          response.add((ByteBuffer) each);
        }
      }
      response.sendTo(client, WHILE_TAKEN);
      return response.remaining() == 0;
    }
  }

  /** The texts of the dates that were asked for last, of which most are asked for again. */
  private static final class Dates {
    private static final int MOST = 256;
    private static final AtomicReferenceArray<Text> LAST = new AtomicReferenceArray<>(MOST);

    private record Text(long second, String text) {}

    static String of(Instant date) {
      long second = date.getEpochSecond();
      int slot = (int) Math.floorMod(second, (long) MOST);
      Text last = LAST.get(slot);
      if (last == null || last.second != second) {
        last = new Text(second, HTTP_DATE.format(date));
        LAST.set(slot, last);
      }
      return last.text;
    }
  }

  /** What a request names: its real path, and what it was when that was looked up. */
  private record Found(Path path, BasicFileAttributes attributes) {}

  /** Returns what a request names, or null if the directory has nothing of that name. */
  private Found find(String path) throws IOException {
    try {
      Path file = root.resolve(path.substring(1));
      Found found = findWithoutLinks(file);
      if (found == null) {
        file = file.toRealPath();
        found = new Found(file, Files.readAttributes(file, BasicFileAttributes.class));
      }
      return found.path.startsWith(root) ? found : null;
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException | FileSystemException e) {
      return null;
    }
  }

  /**
   * Returns what lies at a path below the directory on which there is no link, dot or double dot:
   * it is its own real path. To look at each name is to ask less of the kernel than {@code
   * toRealPath} does, which begins at the root. Returns null for any other path.
   */
  private Found findWithoutLinks(Path file) throws IOException {
    if (!file.startsWith(root) || !file.equals(file.normalize())) {
      return null;
    }
    Path at = root;
    BasicFileAttributes attributes = null;
    for (Path name : root.relativize(file)) {
      at = at.resolve(name);
      attributes = Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        return null;
      }
    }
    return attributes == null ? null : new Found(file, attributes);
  }

  /** Parses digits, which may name a larger number than any file has bytes. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
  }
}

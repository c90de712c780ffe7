import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Composite;
import dev.sluice.TransferOption;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.TreeMap;
import java.util.regex.Pattern;

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
  private static final int HEAD_LIMIT = 8192;

  /** A request for more ranges gets the whole file (RFC 9110, 14.2). */
  private static final int MOST_RANGES = 32;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern LINE_END = Pattern.compile("\r\n");
  private static final Pattern VERSION = Pattern.compile("HTTP/\\d\\.\\d");
  private static final Pattern NAME = Pattern.compile("[^\\s:]+");
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern QUERY = Pattern.compile("[?#]");

  private final Path root;

  private FileServer(Path root) {
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    FileServer files = new FileServer(Path.of(arguments[0]).toRealPath());
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
      System.out.println("http:/" + server.getLocalAddress());
      while (true) {
        SocketChannel client = server.accept();
        Thread.startVirtualThread(() -> files.serve(client));
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      try {
        Requests requests = new Requests(client);
        boolean goesOn = true;
        while (goesOn) {
          Request request = requests.next();
          goesOn = request != null && respond(client, request);
        }
      } catch (BadRequestException e) {
        end(client, e.getMessage());
      }
    } catch (SocketTimeoutException e) {
      // The peer has sent no request for a while.
    } catch (IOException e) {
      System.err.println(e);
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
    private final InputStream in;
    private final byte[] input = new byte[HEAD_LIMIT];
    private int filled;

    /** Bytes of a request's body, which are left out before the next request. */
    private long body;

    Requests(SocketChannel client) throws IOException {
      client.socket().setSoTimeout((int) PATIENCE.toMillis());
      in = client.socket().getInputStream();
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
      body = number(request.field("content-length").orElse("0"));
      return request;
    }

    private boolean read() throws IOException {
      int read = in.read(input, filled, input.length - filled);
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
      String[] lines = LINE_END.split(head);
      String[] words = lines[0].split(" ");
      if (words.length != 3 || !VERSION.matcher(words[2]).matches()) {
        throw new BadRequestException("400 Bad Request");
      }
      if (!words[2].startsWith("HTTP/1.")) {
        throw new BadRequestException("505 HTTP Version Not Supported");
      }
      Map<String, String> fields = new TreeMap<>();
      for (String line : Arrays.asList(lines).subList(1, lines.length)) {
        int colon = line.indexOf(':');
        if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
          throw new BadRequestException("400 Bad Request");
        }
        String name = line.substring(0, colon).toLowerCase();
        fields.merge(name, line.substring(colon + 1).strip(), (one, more) -> one + ", " + more);
      }
      boolean isOld = words[2].equals("HTTP/1.0");
      if (!isOld && !fields.containsKey("host")
          || !DIGITS.matcher(fields.getOrDefault("content-length", "0")).matches()) {
        throw new BadRequestException("400 Bad Request");
      }
      if (fields.containsKey("transfer-encoding")) {
        throw new BadRequestException("411 Length Required");
      }
      return new Request(words[0], path(words[1]), isOld, fields);
    }

    /** The path of a target, which may be a whole URI. */
    private static String path(String target) throws BadRequestException {
      try {
        String path = target.startsWith("/") ? target : URI.create(target).getRawPath();
        return URLDecoder.decode(QUERY.split(path, 2)[0].replace("+", "%2B"), UTF_8);
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new BadRequestException("400 Bad Request");
      }
    }
  }

  /** Answers one request. Returns whether the connection can be used for another request. */
  private boolean respond(SocketChannel client, Request request) throws IOException {
    boolean isHead = request.method.equals("HEAD");
    if (!isHead && !request.method.equals("GET")) {
      Response refused = new Response("405 Method Not Allowed").with("Allow", "GET, HEAD");
      return refused.sendFor(request, client);
    }
    Path path = find(request.path);
    BasicFileAttributes attributes =
        path == null ? null : Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes == null || !attributes.isRegularFile()) {
      return new Response("404 Not Found").sendFor(request, client);
    }
    Instant changed = attributes.lastModifiedTime().toInstant();
    try (FileChannel file = FileChannel.open(path)) {
      return answer(request, path, changed, file).sendFor(request, client);
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
        .with("Last-Modified", HTTP_DATE.format(changed))
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
      with("Date", HTTP_DATE.format(Instant.now()));
    }

    Response with(String name, String value) {
      head.append(name).append(": ").append(value).append("\r\n");
      return this;
    }

    Response add(String text) {
      ByteBuffer bytes = ISO_8859_1.encode(text);
      content.add(bytes);
      length += bytes.remaining();
      return this;
    }

    Response add(FileChannel file, Range range) {
      content.add(new Part(file, range));
      length += range.end - range.start;
      return this;
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
      Composite response = Composite.of(ISO_8859_1.encode(head.append("\r\n").toString()));
      for (Object each : withContent ? content : List.of()) {
        if (each instanceof Part part) {
          response.add(part.file, part.range.start, part.range.end - part.range.start);
        } else {
          response.add((ByteBuffer) each);
        }
      }
      response.sendTo(client, TransferOption.idle(PATIENCE));
      return response.remaining() == 0;
    }
  }

  /** Returns what a request names, or null if the directory has nothing of that name. */
  private Path find(String path) throws IOException {
    try {
      Path file = root.resolve(path.substring(1)).toRealPath();
      return file.startsWith(root) ? file : null;
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException | FileSystemException e) {
      return null;
    }
  }

  /** Parses digits, which may name a larger number than any file has bytes. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
  }
}

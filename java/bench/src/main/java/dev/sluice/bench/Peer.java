package dev.sluice.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The other end of a connection: the process {@code sluice-peer}, told what to do over its standard
 * input. The protocol is described in its {@code main.rs}.
 */
public final class Peer implements Closeable {
  private static final String PROGRAM_PROPERTY = "dev.sluice.bench.peer";
  private static final long SECONDS_TO_END = 5;

  private final Process process;
  private final Writer questions;
  private final BufferedReader answers;
  private final SocketAddress address;
  private SocketChannel connection;
  private boolean answerPending;

  private Peer(Process process, boolean unix) throws IOException {
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.answerPending = true;
    String listening = answer("listening ");
    this.address =
        unix
            ? UnixDomainSocketAddress.of(listening)
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(listening));
    connect();
  }

  /**
   * Starts a peer and connects to it by TCP over loopback.
   *
   * @param file whose bytes it supplies
   */
  public static Peer start(Path file) throws IOException {
    return start(List.of(file.toString()), false);
  }

  /** Starts a peer and connects to it by a unix socket. */
  static Peer startUnix(Path file) throws IOException {
    Path socket = Files.createTempDirectory("sluice-peer-").resolve("socket");
    // The peer removes its socket when it ends, unless it is killed. Last in, first out.
    socket.getParent().toFile().deleteOnExit();
    socket.toFile().deleteOnExit();
    return start(List.of(file.toString(), socket.toString()), true);
  }

  private static Peer start(List<String> arguments, boolean unix) throws IOException {
    String program = System.getProperty(PROGRAM_PROPERTY);
    if (program == null) {
      throw new IOException(
          "the system property " + PROGRAM_PROPERTY + " is not set: run ./gradlew compare");
    }
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new Peer(process, unix);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public SocketChannel connection() {
    return connection;
  }

  /** A new connection, after a transfer that failed has left the old one in any state. */
  void reconnect() throws IOException {
    connection.close();
    if (answerPending) {
      line();
    }
    connect();
  }

  /** Lets the peer discard the next bytes. */
  public void discard(long bytes) throws IOException {
    ask("discard " + bytes);
  }

  /** Lets the peer digest the next bytes. */
  void digest(long bytes) throws IOException {
    ask("digest " + bytes);
  }

  /** Lets the peer send the beginning of its file, several times over. */
  public void supply(long region, int passes) throws IOException {
    ask("supply " + region + " " + passes);
  }

  /** Waits until it has done what it was told. */
  void done() throws IOException {
    answer("done");
  }

  /** Waits for the digest it was told to make. */
  String digested() throws IOException {
    return answer("sha256 ");
  }

  private void connect() throws IOException {
    connection = SocketChannel.open(address);
    if (isTcp()) {
      TcpCongestion.useReno(ChannelDescriptor.of(connection));
    }
    accept();
  }

  /** Where it listens. */
  SocketAddress address() {
    return address;
  }

  /** Has it take the next connection, and drop the one before. */
  void accept() throws IOException {
    ask("accept");
    answer("accepted");
  }

  /** What the system does not send at once because more might follow is sent now. */
  void flush() throws IOException {
    if (!isTcp()) {
      return;
    }
    connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
    connection.setOption(StandardSocketOptions.TCP_NODELAY, false);
  }

  private boolean isTcp() {
    return address instanceof InetSocketAddress;
  }

  private void ask(String question) throws IOException {
    questions.write(question + "\n");
    questions.flush();
    answerPending = true;
  }

  /** The rest of an answer that begins as expected. */
  private String answer(String expected) throws IOException {
    String line = line();
    if (!line.startsWith(expected)) {
      throw new IOException("the peer answered: " + line);
    }
    return line.substring(expected.length());
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer process has ended");
    }
    answerPending = false;
    return line;
  }

  /** It ends when its standard input does. */
  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
    process.getOutputStream().close();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

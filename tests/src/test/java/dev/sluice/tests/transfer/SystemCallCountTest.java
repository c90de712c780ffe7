package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small transfer to a blocking socket is one system call; strace counts. */
class SystemCallCountTest {
  private static final int CALLS = 1000;
  private static final int PIECE = 4096;

  /** Until the JIT is done: its deoptimisations and safepoints make system calls of their own. */
  private static final int WARM_UP = 20_000;

  @TempDir Path directory;

  /** Sends 1,000 pieces between two looks at files that do not exist: marks in the trace. */
  static final class Sender {
    public static void main(String[] arguments) throws Exception {
      try (ServerSocketChannel server =
              ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
          SocketChannel socket = SocketChannel.open(server.getLocalAddress());
          SocketChannel peer = server.accept();
          FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
        Thread reader = new Thread(() -> discard(peer));
        reader.start();
        send(file, socket, WARM_UP);
        Files.exists(Path.of("/mark-begin"));
        send(file, socket, CALLS);
        Files.exists(Path.of("/mark-end"));
        socket.shutdownOutput();
        reader.join();
      }
    }

    private static void send(FileChannel file, SocketChannel socket, int calls) throws IOException {
      for (int i = 0; i < calls; i++) {
        if (Sluice.transferTo(file, 0, PIECE, socket) != PIECE) {
          throw new AssertionError("a blocking socket takes all");
        }
      }
    }

    private static void discard(SocketChannel peer) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
      try {
        while (peer.read(buffer.clear()) >= 0) {}
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aThousandTransfersMakeAtMost1020SystemCalls() throws Exception {
    Tools.assumeTool("strace");
    Path file = Files.write(directory.resolve("file"), new byte[PIECE]);
    Path trace = directory.resolve("trace");
    ChildJvm.Result result =
        new ChildJvm()
            .under("strace", "-f", "-o", trace.toString())
            .run(Sender.class, file.toString());
    assertEquals(0, result.exit(), result.output());
    List<String> lines = Files.readAllLines(trace);
    String thread = thread(lines);
    List<String> calls =
        lines.stream()
            .filter(line -> line.startsWith(thread))
            // A call that another thread's line interrupted is told in two lines.
            .filter(line -> !line.contains(" resumed>"))
            .dropWhile(line -> !line.contains("/mark-begin"))
            .skip(1)
            .takeWhile(line -> !line.contains("/mark-end"))
            .toList();
    assertTrue(calls.size() <= 1020, calls.size() + " system calls");
    long sends = calls.stream().filter(line -> line.contains(" sendfile(")).count();
    assertEquals(CALLS, sends);
  }

  /** The digits at the beginning of the line that holds the mark. */
  private static String thread(List<String> lines) {
    String mark = lines.stream().filter(line -> line.contains("/mark-begin")).findFirst().get();
    return mark.substring(0, mark.indexOf(' ') + 1);
  }
}

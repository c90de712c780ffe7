package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChildJvm;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load of the library and the first transfer do not load what takes long and is not needed. */
@Tag("slow")
class FirstTransferClassesTest {
  private static final String BEGIN = "-- the first call begins --";
  private static final String END = "-- the first transfer is over --";

  /** What the names of classes begin with that take long to load or to set up. */
  private static final List<String> SLOW =
      List.of(
          "java.util.regex.",
          "java.util.stream.",
          "java.util.Formatter",
          "java.security.MessageDigest",
          "java.security.SecureRandom",
          "sun.security.",
          "jdk.jfr.internal.");

  /** What the names of classes begin with that only a failure, a report or another way needs. */
  private static final List<String> UNNEEDED =
      List.of(
          "dev.sluice.internal.load.Diagnostics",
          "dev.sluice.internal.load.LoadFailure",
          "dev.sluice.internal.load.PageSharing",
          "dev.sluice.internal.load.Fallback",
          "dev.sluice.internal.load.PrivateDirectory",
          "dev.sluice.internal.load.AnonymousFile",
          "dev.sluice.internal.channel.ChannelName",
          "dev.sluice.internal.transfer.ReportBuilder",
          "dev.sluice.internal.transfer.TransferEvent ",
          "dev.sluice.internal.boundary.RefusalAdvice",
          "dev.sluice.bench.");

  /** A class that the JVM says it has loaded, and a blank. */
  private static final Pattern LOADED = Pattern.compile("(?m)^\\[.*\\] (\\S+ )source: ");

  @TempDir Path directory;

  /** Makes the first transfer of a program. */
  static final class Caller {
    public static void main(String[] arguments) throws Exception {
      InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (ServerSocketChannel listener = ServerSocketChannel.open().bind(local);
          SocketChannel target = SocketChannel.open(listener.getLocalAddress());
          SocketChannel peer = listener.accept();
          FileChannel source = FileChannel.open(Path.of(arguments[0]))) {
        System.out.println(BEGIN);
        boolean isAvailable = Sluice.isAvailable();
        long moved = Sluice.transferTo(source, 0, 100, target);
        System.out.println(END);
        if (!isAvailable || moved != 100 || !peer.isConnected()) {
          throw new AssertionError(isAvailable + " " + moved);
        }
      }
    }
  }

  @Test
  void aFirstTransferLoadsNothingThatTakesLongOrIsNotNeeded() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[100]);
    ChildJvm.Result result =
        new ChildJvm().with("-Xlog:class+load").run(Caller.class, file.toString());
    assertEquals(0, result.exit(), result.output());
    String output = result.output();
    String during = output.substring(output.indexOf(BEGIN), output.indexOf(END));
    List<String> loaded =
        LOADED.matcher(during).results().map((MatchResult match) -> match.group(1)).toList();
    assertTrue(loaded.contains("dev.sluice.internal.load.NativeLoader "), output);
    List<String> others =
        loaded.stream()
            .filter(name -> beginsAsOneOf(SLOW, name) || beginsAsOneOf(UNNEEDED, name))
            .toList();
    assertEquals(List.of(), others);
  }

  private static boolean beginsAsOneOf(List<String> begins, String name) {
    return begins.stream().anyMatch(name::startsWith);
  }
}

package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every descriptor that a transfer opens is closed in a child process: it has O_CLOEXEC. */
@Tag("both-guards")
class InheritedDescriptorsTest {
  private static final long O_CLOEXEC = 02000000;
  private static final int SIZE = 64 << 20;
  private static final int LOOKS = 200;

  @TempDir Path directory;

  /**
   * One of this process's descriptors.
   *
   * @param what the file behind it
   * @param isClosedOnExec whether a child does not get it
   */
  private record Descriptor(String number, String what, boolean isClosedOnExec) {}

  /** In a JVM of its own, whose pools are empty. */
  static final class Transferring {
    public static void main(String[] arguments) throws Exception {
      watch(Path.of(arguments[0]));
    }
  }

  @Test
  void aChildGetsNoneOfThem() throws Exception {
    ChildJvm.Result result = new ChildJvm().run(Transferring.class, directory.toString());
    assertEquals(0, result.exit(), result.output());
  }

  private static void watch(Path directory) throws Exception {
    // Loading the library has closed its descriptors by then.
    Sluice.ensureAvailable();
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file =
          channels.keep(
              FileChannel.open(channels.path("file", new byte[0]), ChannelKinds.readWrite()));
      file.write(ByteBuffer.allocate(1), SIZE - 1);
      SocketChannel[] sent = channels.tcp();
      SocketChannel[] from = channels.tcp();
      SocketChannel[] to = channels.tcp();
      SocketChannel[] up = channels.tcp();
      FileChannel target =
          channels.keep(
              FileChannel.open(channels.path("target", new byte[0]), ChannelKinds.readWrite()));
      List<Descriptor> before = descriptors();

      List<Callable<Object>> transfers = new ArrayList<>();
      transfers.add(() -> Mechanism.SPLICE.transferTo(file, 0, SIZE, sent[0]));
      transfers.add(() -> Sluice.transferFrom(target, up[0], 0, SIZE));
      transfers.add(() -> Sluice.transfer(from[0], to[0], SIZE));
      transfers.forEach(ChannelPair::started);
      ChannelPair.started(() -> from[1].write(ByteBuffer.allocate(SIZE)));
      Map<String, String> known = new HashMap<>();
      before.forEach(descriptor -> known.put(descriptor.number, descriptor.what));
      List<Descriptor> opened = opened(known);
      // The first transfer keeps its pipe; the others may take turns with one.
      for (int looks = 0; opened.size() < 4 && looks < LOOKS; looks++) {
        Thread.sleep(50);
        opened = opened(known);
      }
      assertTrue(opened.size() >= 4, "opened " + opened);
      assertEquals(List.of(), opened.stream().filter(each -> !each.isClosedOnExec).toList());
    }
  }

  private static List<Descriptor> opened(Map<String, String> known) throws IOException {
    return descriptors().stream()
        .filter(descriptor -> !descriptor.what.equals(known.get(descriptor.number)))
        // The directory that is being listed.
        .filter(descriptor -> !descriptor.what.startsWith("/proc/"))
        .toList();
  }

  private static List<Descriptor> descriptors() throws IOException {
    List<Descriptor> all = new ArrayList<>();
    try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
      for (Path number : numbers.toList()) {
        try {
          String name = number.getFileName().toString();
          long flags =
              Files.readAllLines(Path.of("/proc/self/fdinfo", name)).stream()
                  .filter(line -> line.startsWith("flags:"))
                  .mapToLong(line -> Long.parseLong(line.substring(6).strip(), 8))
                  .sum();
          String what = Files.readSymbolicLink(number).toString();
          all.add(new Descriptor(name, what, (flags & O_CLOEXEC) != 0));
        } catch (IOException e) {
          // Closed meanwhile.
        }
      }
    }
    return all;
  }
}

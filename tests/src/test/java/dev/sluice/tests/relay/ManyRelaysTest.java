package dev.sluice.tests.relay;

import static dev.sluice.tests.relay.RelayFixture.receive;
import static dev.sluice.tests.relay.RelayFixture.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.TransferReport.Ending;
import dev.sluice.tests.relay.RelayFixture.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand relays at once. */
@Tag("both-guards")
class ManyRelaysTest {
  private static final int RELAYS = 1000;

  /** The pipes that are kept for later, whatever runs. */
  private static final int POOLED_PIPES = 4;

  @TempDir Path directory;

  @Test
  void idleRelaysHoldNeitherThreadsNorPipes() throws Exception {
    List<RelayFixture> all = new ArrayList<>();
    List<CompletableFuture<Ending>> ends = new ArrayList<>();
    try {
      for (int i = 0; i < RELAYS; i++) {
        all.add(new RelayFixture(i % 2 == 0 ? Kind.TCP : Kind.UNIX, directory));
      }
      long descriptors = descriptors("");
      long pipes = descriptors("pipe:");
      for (RelayFixture the : all) {
        ends.add(the.relay.start());
      }
      for (RelayFixture the : all) {
        send(the.client, new byte[100]);
        receive(the.server, 100);
        send(the.server, new byte[100]);
        receive(the.client, 100);
      }
      int processors = Runtime.getRuntime().availableProcessors();
      assertTrue(loops() <= processors, loops() + " threads for " + RELAYS + " relays");
      assertTrue(descriptors("pipe:") - pipes <= 2 * POOLED_PIPES);
      // Each thread has a selector: an epoll instance, and what wakes it.
      assertTrue(descriptors("") - descriptors <= 2 * POOLED_PIPES + 2L * processors + 8);
      all.forEach(the -> the.relay.close());
      for (CompletableFuture<Ending> end : ends) {
        assertEquals(Ending.CANCELLED, end.get());
      }
    } finally {
      for (RelayFixture the : all) {
        the.close();
      }
    }
  }

  private static long loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sluice-relay"))
        .count();
  }

  /** How many descriptors of this process lead to what begins so. */
  private static long descriptors(String what) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(descriptor -> leadsTo(descriptor, what)).count();
    }
  }

  private static boolean leadsTo(Path descriptor, String what) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith(what);
    } catch (IOException e) {
      return false;
    }
  }
}

package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.bench.slow.SlowPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code slowPeers}: who takes part, and whom they serve. */
@Tag("any-jdk")
class SlowPeersTest {
  private static final int PEERS = 20;

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void readAndWriteTakesPartOnEveryKindOfThreadAndServesAllPeers() throws Exception {
    Path file = Files.write(directory.resolve("file.bin"), new byte[1 << 20]);
    int status =
        new CommandLine(new SlowPeers())
            .execute(
                "--peers",
                String.valueOf(PEERS),
                "--seconds",
                "1",
                "--file",
                file.toString(),
                "--out",
                directory.toString());
    assertEquals(0, status);
    Set<String> served = new HashSet<>();
    for (JsonElement each :
        JsonParser.parseString(Files.readString(directory.resolve("slow-peers.json")))
            .getAsJsonArray()) {
      JsonObject result = each.getAsJsonObject();
      if (result.get("served").getAsInt() == PEERS) {
        served.add(result.get("way").getAsString() + " " + result.get("virtual").getAsBoolean());
      }
    }
    // What NIO does on virtual threads is for a reader to see, and differs from JDK to JDK.
    served.remove("NIO true");
    boolean hasVirtual = Runtime.version().feature() >= 21;
    assertEquals(
        hasVirtual
            ? Set.of("NIO false", "LOOP false", "LOOP true", "SLUICE false", "SLUICE true")
            : Set.of("NIO false", "LOOP false", "SLUICE false"),
        served);
  }
}

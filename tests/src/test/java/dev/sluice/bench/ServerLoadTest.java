package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.http.ServerLoad;
import dev.sluice.bench.process.Programs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code serverLoad}: every server answers, and nothing of them stays. */
@Tag("any-jdk")
class ServerLoadTest {
  @Test
  @Tag("slow")
  void everyServerAnswersAndIsTold() {
    assumeTrue(Programs.isThere("wrk"), "needs wrk");
    String sources = System.getProperty("dev.sluice.tests.sources");
    System.setProperty(
        "dev.sluice.bench.fileServer", Path.of(sources, "examples/FileServer.java").toString());
    PrintStream before = System.out;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    int status;
    try {
      System.setOut(new PrintStream(told, true));
      status =
          new CommandLine(new ServerLoad())
              .execute("--rounds", "1", "--seconds", "1", "--sizes", "4096", "--connections", "4");
    } finally {
      System.setOut(before);
    }
    String output = told.toString();
    assertEquals(0, status, output);
    assertTrue(output.matches("(?s).*4096 +FileServer, virtual threads +[\\d,]+ .*"), output);
    assertTrue(
        output.matches("(?s).*4096 +plain NIO server, platform threads +[\\d,]+ .*"), output);
    assertEquals(0, ProcessHandle.current().children().filter(this::isServer).count());
  }

  private boolean isServer(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("sluice-server-load");
  }
}

package dev.sluice.bench.slow;

import com.google.gson.GsonBuilder;
import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.process.ThreadKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Serves many slow peers at a time: NIO, a loop of read and write, and Sluice, on virtual threads
 * and on as many platform threads, each in a process of its own.
 */
@Command(
    name = "slowPeers",
    description =
        "Many slow peers, served by NIO, by read and write, and by Sluice, on virtual and platform"
            + " threads.")
public final class SlowPeers implements Callable<Integer> {
  private static final long WARM_UP_MILLIS = 2_000;

  @Option(names = "--peers", description = "How many. Default: ${DEFAULT-VALUE}.")
  int peers = 1_000;

  @Option(names = "--seconds", description = "For each server. Default: ${DEFAULT-VALUE}.")
  int seconds = 8;

  @Option(names = "--file", description = "The file to send. Default: lib/modules of this JDK.")
  Path file = Path.of(System.getProperty("java.home"), "lib", "modules");

  @Option(names = "--out", description = "Where slow-peers.json goes. Default: ${DEFAULT-VALUE}.")
  Path out = Path.of("build", "reports", "slow-peers");

  @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
  boolean help;

  /**
   * The figures of one server.
   *
   * @param way what each thread calls, over and over
   * @param served how many peers got anything while it was measured
   * @param carriers the most carriers of virtual threads that were seen
   */
  record Result(
      Way way,
      boolean virtual,
      double megabytesPerSecond,
      int served,
      double cpuSecondsPerGigabyte,
      int carriers) {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SlowPeers()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    System.out.printf(
        "%,d peers that take 200 kB/s each, %d s; Java %s%n",
        peers, seconds, System.getProperty("java.runtime.version"));
    System.out.printf("%-38s %10s %8s %10s %9s%n", "by", "MB/s", "served", "CPU s/GB", "carriers");
    for (boolean virtual :
        ThreadKind.VIRTUAL.isThere() ? new boolean[] {true, false} : new boolean[] {false}) {
      for (Way way : Way.values()) {
        Result result = serve(way, virtual);
        results.add(result);
        System.out.printf(
            "%-38s %10.1f %8d %10.2f %9d%n",
            way.title() + (virtual ? ", virtual" : ", platform"),
            result.megabytesPerSecond,
            result.served,
            result.cpuSecondsPerGigabyte,
            result.carriers);
      }
    }
    Files.createDirectories(out);
    Path report = out.resolve("slow-peers.json");
    Files.writeString(report, new GsonBuilder().setPrettyPrinting().create().toJson(results));
    System.out.println(report);
    return 0;
  }

  private Result serve(Way way, boolean virtual) throws IOException, InterruptedException {
    try (Peers all = new Peers(peers)) {
      Process server = start(way, virtual, all.port());
      try {
        all.accept(peers, server);
        all.take(WARM_UP_MILLIS);
        Peers.Taken taken = all.take(TimeUnit.SECONDS.toMillis(seconds));
        String[] told = firstLine(server).split(" ");
        double gigabytes = taken.bytes() / 1e9;
        return new Result(
            way,
            virtual,
            gigabytes * 1e3 / seconds,
            taken.served(),
            Long.parseLong(told[0]) / 1e9 / gigabytes,
            Integer.parseInt(told[1]));
      } finally {
        server.destroyForcibly();
      }
    }
  }

  private Process start(Way way, boolean virtual, int port) throws IOException {
    List<String> arguments =
        List.of(
            String.valueOf(port),
            file.toString(),
            String.valueOf(peers),
            String.valueOf(TimeUnit.SECONDS.toMillis(seconds)),
            String.valueOf(WARM_UP_MILLIS),
            way.name(),
            (virtual ? ThreadKind.VIRTUAL : ThreadKind.PLATFORM).name());
    List<String> command = JavaProcess.command(Server.class.getName(), arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the server ended without an answer");
    }
    return line;
  }
}

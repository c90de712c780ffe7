package dev.sluice.bench.http;

import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.process.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Requests a second, and the server's CPU time for each, of {@code examples/FileServer.java}, of a
 * plain NIO server and of nginx, by {@code wrk}. The servers run all the time and are asked by
 * turns, so that a disturbance of the machine meets all of them.
 */
@Command(
    name = "serverLoad",
    description = "examples/FileServer.java beside a plain NIO server and nginx, asked by wrk.")
public final class ServerLoad implements Callable<Integer> {
  private static final double NANOS_PER_MICRO = 1e3;

  @Option(names = "--connections", description = "How many. Default: ${DEFAULT-VALUE}.")
  int connections = 16;

  @Option(names = "--seconds", description = "For each look. Default: ${DEFAULT-VALUE}.")
  int seconds = 3;

  @Option(names = "--rounds", description = "Looks at each server. Default: ${DEFAULT-VALUE}.")
  int rounds = 5;

  @Option(names = "--sizes", split = ",", description = "Bytes. Default: ${DEFAULT-VALUE}.")
  List<Integer> sizes = List.of(4 << 10, 64 << 10, 1 << 20);

  @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
  boolean help;

  private record Look(double requestsPerSecond, double cpuMicros) {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ServerLoad()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Programs.isThere("wrk")) {
      System.err.println("serverLoad: needs wrk, a package of most distributions");
      return 1;
    }
    NativeLibrary.load();
    Path directory = Files.createTempDirectory("sluice-server-load").toRealPath();
    Map<WebServer, Process> running = new EnumMap<>(WebServer.class);
    Map<WebServer, Integer> ports = new EnumMap<>(WebServer.class);
    try {
      for (WebServer server : WebServer.values()) {
        if (server.isThere()) {
          ports.put(server, freePort());
          running.put(server, server.start(directory, ports.get(server)));
        } else {
          System.out.println(
              server.title() + " is left out: this machine or this JDK does not have it");
        }
      }
      measure(directory, running, ports);
    } finally {
      for (Process each : running.values()) {
        each.destroy();
        each.waitFor();
      }
      delete(directory);
    }
    return 0;
  }

  private void measure(
      Path directory, Map<WebServer, Process> running, Map<WebServer, Integer> ports)
      throws IOException, InterruptedException {
    System.out.printf(
        "%d connections, %d looks of %d s each, by turns; Java %s%n",
        connections, rounds, seconds, System.getProperty("java.runtime.version"));
    System.out.printf("%-10s %-34s %12s %16s%n", "bytes", "server", "requests/s", "CPU us/request");
    for (int size : sizes) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      Files.write(directory.resolve("file.bin"), content);
      Map<WebServer, List<Look>> looks = new EnumMap<>(WebServer.class);
      // The first round is for the compilers.
      for (int round = 0; round <= rounds; round++) {
        for (WebServer server : running.keySet()) {
          Look look = look(running.get(server), ports.get(server));
          if (round > 0) {
            looks.computeIfAbsent(server, each -> new ArrayList<>()).add(look);
          }
        }
      }
      looks.forEach(
          (server, all) ->
              System.out.printf(
                  "%-10d %-34s %,12.0f %16s%n",
                  size,
                  server.title(),
                  Statistics.median(all.stream().mapToDouble(Look::requestsPerSecond).toArray()),
                  summary(all.stream().mapToDouble(Look::cpuMicros).toArray())));
    }
  }

  private Look look(Process server, int port) throws IOException, InterruptedException {
    long before = WebServer.cpuNanos(server);
    Load load = Load.of("http://127.0.0.1:" + port + "/file.bin", connections, seconds);
    double micros = (WebServer.cpuNanos(server) - before) / NANOS_PER_MICRO;
    return new Look(load.requestsPerSecond(), micros / load.requests());
  }

  private static String summary(double[] values) {
    return String.format(
        "%.1f (%.1f..%.1f)",
        Statistics.median(values),
        Arrays.stream(values).min().orElseThrow(),
        Arrays.stream(values).max().orElseThrow());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(each);
      }
    }
  }
}

package dev.sluice.bench.relay;

import dev.sluice.Sluice;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.measure.CpuTime;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Relays between TCP connections on loopback: one peer supplies bytes, the other discards them, and
 * each is a process of its own. The CPU time is that of this process alone, all of its threads
 * included. It prints the median of some rounds, and the least and the most.
 */
@Command(
    name = "relayCosts",
    description = "CPU time of a relay: NIO, Sluice.transfer, Relay and splice from C.")
public final class RelayCosts implements Callable<Integer> {
  private static final int REGION = 64 << 20;

  /** Of all connections together. */
  private static final int WARM_UP_PASSES = 32;

  @Option(
      names = "--connections",
      split = ",",
      description = "How many at a time. Default: ${DEFAULT-VALUE}.")
  List<Integer> connections = List.of(1, 8);

  @Option(names = "--gib", description = "For each figure. Default: ${DEFAULT-VALUE}.")
  int gibibytes = 4;

  @Option(names = "--rounds", description = "Figures of each. Default: ${DEFAULT-VALUE}.")
  int rounds = 5;

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RelayCosts()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Sluice.ensureAvailable();
    NativeLibrary.load();
    Path file = Files.createTempFile("sluice-relay-", ".bin");
    try {
      Files.write(file, new byte[REGION]);
      System.out.printf(
          "%d GiB a figure; Java %s%n", gibibytes, System.getProperty("java.runtime.version"));
      System.out.printf("%-20s %12s %18s %14s%n", "by", "connections", "CPU s/GB", "GB/s");
      for (int count : connections) {
        print(count, figures(count, file));
      }
    } finally {
      Files.delete(file);
    }
    return 0;
  }

  /**
   * What one round has measured.
   *
   * @param cpu CPU time in seconds for each gigabyte
   * @param speed gigabytes in each second
   */
  private record Figure(double cpu, double speed) {}

  /** The ways take turns, so that whatever else the machine does meets all of them. */
  private Map<RelayWay, List<Figure>> figures(int count, Path file) throws IOException {
    Map<RelayWay, List<Figure>> figures = new EnumMap<>(RelayWay.class);
    for (int round = 0; round < rounds; round++) {
      for (RelayWay way : RelayWay.values()) {
        figures.computeIfAbsent(way, any -> new ArrayList<>()).add(measure(way, count, file));
      }
    }
    return figures;
  }

  private static void print(int count, Map<RelayWay, List<Figure>> figures) {
    figures.forEach(
        (way, all) -> {
          double[] cpu = all.stream().mapToDouble(Figure::cpu).sorted().toArray();
          double[] speed = all.stream().mapToDouble(Figure::speed).sorted().toArray();
          System.out.printf(
              "%-20s %12d %6.3f %5.3f-%5.3f %5.2f %4.2f-%4.2f%n",
              way.title,
              count,
              cpu[cpu.length / 2],
              cpu[0],
              cpu[cpu.length - 1],
              speed[speed.length / 2],
              speed[0],
              speed[speed.length - 1]);
        });
  }

  private Figure measure(RelayWay way, int count, Path file) throws IOException {
    List<Peer> suppliers = new ArrayList<>();
    List<Peer> takers = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        suppliers.add(Peer.start(file));
        takers.add(Peer.start(file));
        way.begin(suppliers.get(i).connection(), takers.get(i).connection());
      }
      move(suppliers, takers, Math.max(1, WARM_UP_PASSES / count));
      int passes = (int) (((long) gibibytes << 30) / REGION / count);
      long begun = System.nanoTime();
      long cpu = CpuTime.ofProcess();
      move(suppliers, takers, passes);
      double cpuNanos = CpuTime.ofProcess() - cpu;
      double nanos = System.nanoTime() - begun;
      double bytes = (double) REGION * passes * count;
      return new Figure(cpuNanos / bytes, bytes / nanos);
    } finally {
      for (int i = 0; i < suppliers.size(); i++) {
        suppliers.get(i).close();
        if (i < takers.size()) {
          takers.get(i).close();
        }
      }
    }
  }

  private static void move(List<Peer> suppliers, List<Peer> takers, int passes) throws IOException {
    for (Peer taker : takers) {
      taker.discard((long) REGION * passes);
    }
    for (Peer supplier : suppliers) {
      supplier.supply(REGION, passes);
    }
    for (Peer supplier : suppliers) {
      supplier.done();
    }
    for (Peer taker : takers) {
      taker.done();
    }
  }
}

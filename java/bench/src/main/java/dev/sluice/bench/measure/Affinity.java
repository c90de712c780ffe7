package dev.sluice.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processors that threads run on: see {@code affinity.rs}. A thread that is started runs where
 * the thread runs that starts it.
 */
public final class Affinity {
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final List<Integer> CPUS = cpusOf("self");

  private Affinity() {}

  /** The processors that this process may use. */
  public static List<Integer> cpus() {
    return CPUS;
  }

  /** The processors that a process may use, as the kernel tells of its first thread. */
  public static List<Integer> cpusOf(long pid) {
    return cpusOf(String.valueOf(pid));
  }

  /** The processors that the calling thread may use. */
  public static List<Integer> cpusOfThread() {
    return cpusOf("thread-self");
  }

  /**
   * A processor beside another one: of another core where there is one, since two threads of one
   * core share what the core can do.
   */
  public static int beside(int cpu) {
    List<Integer> core = coreOf(cpu);
    return CPUS.stream()
        .filter(other -> !core.contains(other))
        .findFirst()
        .orElseGet(() -> CPUS.stream().filter(other -> other != cpu).findFirst().orElse(cpu));
  }

  /** Has the calling thread run on one processor. */
  public static void runOn(int cpu) throws IOException {
    NativeLibrary.checked("sched_setaffinity", runOn0(new int[] {cpu}));
  }

  /** Has the calling thread run on any processor that the process may use. */
  public static void runAnywhere() throws IOException {
    int[] all = CPUS.stream().mapToInt(Integer::intValue).toArray();
    NativeLibrary.checked("sched_setaffinity", runOn0(all));
  }

  private static List<Integer> coreOf(int cpu) {
    Path siblings = Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list");
    try {
      return parsed(Files.readString(siblings));
    } catch (IOException e) {
      // Some containers hide the topology.
      return List.of(cpu);
    }
  }

  private static List<Integer> cpusOf(String process) {
    try {
      return Files.readAllLines(Path.of("/proc", process, "status")).stream()
          .filter(line -> line.startsWith(ALLOWED))
          .findFirst()
          .map(line -> parsed(line.substring(ALLOWED.length())))
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A list as the kernel writes it: {@code 0-3,8}. */
  private static List<Integer> parsed(String list) {
    List<Integer> cpus = new ArrayList<>();
    for (String range : list.strip().split(",")) {
      String[] ends = range.split("-");
      for (int cpu = Integer.parseInt(ends[0]);
          cpu <= Integer.parseInt(ends[ends.length - 1]);
          cpu++) {
        cpus.add(cpu);
      }
    }
    return List.copyOf(cpus);
  }

  private static native long runOn0(int[] cpus);
}

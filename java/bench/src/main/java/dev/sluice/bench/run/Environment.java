package dev.sluice.bench.run;

import dev.sluice.Sluice;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the figures depend on: the machine, the JDK and the library. */
public final class Environment {
  static final String UNKNOWN = "unknown";

  private Environment() {}

  public static Report.Machine machine() {
    return new Report.Machine(
        field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        field(Path.of("/proc/self/status"), "Cpus_allowed_list"),
        KernelOptions.cpuAccounting(),
        memoryBytes(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        content(Path.of("/proc/loadavg")),
        content(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")),
        content(Path.of("/proc/sys/net/ipv4/tcp_rmem")),
        content(Path.of("/proc/sys/net/ipv4/tcp_wmem")));
  }

  static Run.Jdk jdk() {
    return new Run.Jdk(
        System.getProperty("java.runtime.version"),
        System.getProperty("java.vendor"),
        System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.info"),
        System.getProperty("java.home"),
        ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  static Run.Library library() {
    return new Run.Library(
        Sluice.isAvailable(),
        Sluice.unavailabilityCause().map(Throwable::toString).orElse(null),
        Sluice.diagnostics());
  }

  /** The type and the device of the file system that a path lies on. */
  public static String fileSystem(Path path) {
    try {
      FileStore store = Files.getFileStore(path);
      return store.type() + " on " + store.name();
    } catch (IOException e) {
      // Below a changed root (chroot) no mount is known to have the path.
      return UNKNOWN;
    }
  }

  private static long memoryBytes() {
    String kibibytes = field(Path.of("/proc/meminfo"), "MemTotal");
    return kibibytes.equals(UNKNOWN) ? 0 : Long.parseLong(kibibytes.split(" ")[0]) * 1024;
  }

  /** The first line "name : value" of a file. */
  private static String field(Path path, String name) {
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String content(Path path) {
    try {
      return Files.readString(path).strip().replace('\t', ' ');
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}

package dev.sluice.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The options that the running kernel was built with, as far as the machine tells them. */
final class KernelOptions {
  /** Where a kernel accounts by ticks, the proportion of user and kernel time is a sample. */
  private static final List<String> ACCOUNTING =
      List.of(
          "CONFIG_TICK_CPU_ACCOUNTING",
          "CONFIG_VIRT_CPU_ACCOUNTING_NATIVE",
          "CONFIG_VIRT_CPU_ACCOUNTING_GEN",
          "CONFIG_IRQ_TIME_ACCOUNTING");

  private KernelOptions() {}

  /** The options that say how CPU time is accounted: those that are set. */
  static String cpuAccounting() {
    for (Path file :
        List.of(
            Path.of("/proc/config.gz"),
            Path.of("/boot/config-" + System.getProperty("os.version")))) {
      try {
        return accounting(file);
      } catch (IOException e) {
        // Not every kernel tells its options, and not at both places.
        continue;
      }
    }
    return Environment.UNKNOWN;
  }

  private static String accounting(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
      List<String> set =
          lines
              .lines()
              .map(line -> line.split("=", 2))
              .filter(option -> ACCOUNTING.contains(option[0]) && option[1].equals("y"))
              .map(option -> option[0])
              .toList();
      return set.isEmpty() ? Environment.UNKNOWN : String.join(", ", set);
    }
  }
}

package dev.sluice.bench.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code wrk} reports of a server: one thread asks over many connections that are kept alive.
 *
 * @param requests how many were answered
 * @param seconds how long it asked
 */
record Load(long requests, double seconds) {
  private static final Pattern REPORT =
      Pattern.compile("(\\d+) requests in ([\\d.]+)(ms|s|m), (.*) read");

  /** Asks for a file. Every answer has to be one. */
  static Load of(String url, int connections, int seconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", url))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher found = REPORT.matcher(output);
    boolean isWrong = output.contains("Non-2xx") || output.contains("Socket errors");
    if (process.waitFor() != 0 || !found.find() || isWrong) {
      throw new IOException("wrk: " + output);
    }
    return new Load(Long.parseLong(found.group(1)), inSeconds(found));
  }

  private static double inSeconds(Matcher found) {
    double value = Double.parseDouble(found.group(2));
    return switch (found.group(3)) {
      case "ms" -> value / 1000;
      case "m" -> value * 60;
      default -> value;
    };
  }

  double requestsPerSecond() {
    return requests / seconds;
  }
}

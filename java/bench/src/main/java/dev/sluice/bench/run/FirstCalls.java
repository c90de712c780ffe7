package dev.sluice.bench.run;

import dev.sluice.bench.measure.Statistics;
import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.report.FirstCall;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The first calls on one JDK. Each is made in a JVM of its own, which does nothing else. */
public final class FirstCalls {
  /** The name of the first calls for {@code --only}. */
  public static final String NAME = "first-call";

  private final Path home;
  private final Path file;
  private final Path directory;
  private final Map<FirstCallWay, List<Double>> millis = new EnumMap<>(FirstCallWay.class);

  /**
   * First calls that have not been made.
   *
   * @param home the directory of the JDK
   * @param directory for the files that are written
   */
  public FirstCalls(Path home, Path file, Path directory) {
    this.home = home;
    this.file = file;
    this.directory = directory;
  }

  /** Makes one more first call each way, in an order drawn anew. */
  public void measure() throws IOException {
    List<FirstCallWay> order = new ArrayList<>(Arrays.asList(FirstCallWay.values()));
    Collections.shuffle(order);
    for (FirstCallWay way : order) {
      Process process =
          new ProcessBuilder(
                  JavaProcess.command(
                      home,
                      FirstCallMain.class.getName(),
                      List.of(way.name(), file.toString(), directory.toString())))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (status(process) == 0) {
        synchronized (this) {
          millis.computeIfAbsent(way, key -> new ArrayList<>()).add(Long.parseLong(printed) / 1e6);
        }
      }
    }
  }

  private static int status(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a first call was made");
    }
  }

  /** What there is; a way that could not be gone is missing. */
  public synchronized List<FirstCall> result() {
    List<FirstCall> calls = new ArrayList<>();
    millis.forEach(
        (way, each) -> {
          double[] values = each.stream().mapToDouble(Double::doubleValue).toArray();
          calls.add(
              new FirstCall(
                  way.title(),
                  way.role(),
                  Statistics.medianInterval(CellFigures.CONFIDENCE, values),
                  List.copyOf(each)));
        });
    return calls;
  }
}

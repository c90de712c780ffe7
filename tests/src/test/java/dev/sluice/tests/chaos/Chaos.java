package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs scenarios in child JVMs, where a crash or a hang is a failure like any other: {@code Chaos
 * MINUTES [SEED]}. A seed is repeated; without one, each child begins with another.
 */
public final class Chaos {
  /**
   * The time that a child may take beyond the one it is given: for starting, shrinking, and calls
   * that hang.
   */
  private static final long GRACE_SECONDS = 90;

  private static final long SHORTEST_MILLIS = 15_000;

  private Chaos() {}

  /** The end of a child: whether all rules held, and its output. */
  record Result(boolean holds, String output) {}

  /**
   * Plays scenarios for a time.
   *
   * @param args the minutes, and perhaps the seed
   * @throws Exception if a child could not be started
   */
  public static void main(String[] args) throws Exception {
    long millis = TimeUnit.MINUTES.toMillis(1) * Long.parseLong(args[0]);
    boolean isRepeated = args.length > 1;
    if (isRepeated) {
      report(play(Long.parseLong(args[1]), millis, 0));
      return;
    }
    Random random = new Random();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long each = Math.max(SHORTEST_MILLIS, Math.min(millis / ChildSetup.NUMBER, 120_000));
    for (int family = 0; System.nanoTime() < until; family = (family + 1) % ChildSetup.NUMBER) {
      report(play(ChildSetup.seed(random.nextLong(), family), each, ChildSetup.STEP));
    }
  }

  private static void report(Result result) {
    System.out.print(result.output());
    if (!result.holds()) {
      System.exit(1);
    }
  }

  /**
   * Plays scenarios in a child JVM.
   *
   * @param seed of the first
   * @param millis how long
   * @param step from one seed to the next; 0 repeats the first
   * @param more arguments of {@link ChaosChild}
   */
  static Result play(long seed, long millis, long step, String... more)
      throws IOException, InterruptedException {
    ChildSetup family = ChildSetup.of(seed);
    Path output = Files.createTempFile("chaos", ".txt");
    Path current = Files.createTempFile("chaos", ".seeds");
    try {
      ProcessBuilder builder = child(family, seed, millis, step, current);
      builder.command().addAll(List.of(more));
      Process child = builder.redirectOutput(output.toFile()).start();
      long limit = TimeUnit.MILLISECONDS.toSeconds(millis) + GRACE_SECONDS;
      String ended = "";
      if (!child.waitFor(limit, TimeUnit.SECONDS)) {
        child.destroyForcibly().waitFor();
        ended = "the child JVM was still running after " + limit + " s\n";
      } else if (child.exitValue() > 1) {
        ended = "the child JVM ended with status " + child.exitValue() + "\n";
      }
      String text = "seed " + seed + ", " + family + ":\n" + Files.readString(output) + ended;
      boolean holds = ended.isEmpty() && child.exitValue() == 0;
      return new Result(holds, holds ? text : text + "to repeat: " + failed(text, current) + "\n");
    } finally {
      Files.delete(output);
      Files.delete(current);
    }
  }

  /** Which scenario failed, or which ones were played when the child died. */
  private static String failed(String output, Path current) throws IOException {
    Optional<String> told = output.lines().filter(l -> l.startsWith(ChaosChild.FAILED)).findFirst();
    return told.isPresent()
        ? told.get().split(" ", 2)[0]
        : "one of " + PlayedSeeds.in(current).stream().map(s -> ChaosChild.FAILED + s).toList();
  }

  private static ProcessBuilder child(
      ChildSetup family, long seed, long millis, long step, Path current) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-ea", "-Xcheck:jni", "-Xmx512m", "-XX:-CreateCoredumpOnCrash"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(family.options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ChaosChild.class.getName());
    command.addAll(
        List.of(
            Long.toString(seed), Long.toString(millis), Long.toString(step), current.toString()));
    ProcessBuilder child = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = child.environment();
    if (family.isBent()) {
      environment.put("LD_PRELOAD", System.getProperty("dev.sluice.tests.chaos"));
      environment.put("SLUICE_CHAOS", family.settings(seed));
    }
    return child;
  }
}

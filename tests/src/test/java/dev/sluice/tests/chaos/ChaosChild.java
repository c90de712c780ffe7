package dev.sluice.tests.chaos;

import dev.sluice.Sluice;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;

/**
 * Plays scenarios for a time: {@code ChaosChild SEED MILLIS STEP FILE [plain]}, where the file gets
 * what {@link PlayedSeeds} keeps. Prints each rule that does not hold once, with the seed and the
 * smallest scenario found; then checks the other rules. The status is 1 if any did not hold.
 */
final class ChaosChild {
  /** The beginning of the line that names the seed of a scenario in which a rule did not hold. */
  static final String FAILED = "-Pseed=";

  /** The number of scenarios that are played at once, since most of the time they wait. */
  private static final int AT_ONCE = 8;

  /** After so many scenarios all have to be over, and descriptors are counted. */
  private static final int BATCH = 64;

  /**
   * The descriptors that the library keeps for the next transfer: pipes, a poller, an empty file.
   */
  private static final int POOLED = 64;

  /** For one that was found, and for all. */
  private static final long SHRINKING_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final int TRIES = 8;

  private final ScenarioGenerator scenarios = new ScenarioGenerator();
  private final ExecutorService players =
      Executors.newFixedThreadPool(
          AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "player");
            thread.setDaemon(true);
            return thread;
          });
  private final Path directory;
  private final PlayedSeeds current;
  private final boolean isPlain;
  private final Fifos fifos;
  private final Set<String> broken = new HashSet<>();
  private int played;

  /** Is no part of the time. */
  private long shrinkingNanos;

  private ChaosChild(Path directory, PlayedSeeds current, boolean isPlain) throws IOException {
    this.directory = directory;
    this.current = current;
    this.isPlain = isPlain;
    fifos = new Fifos(directory);
  }

  /** A scenario that was played, and its violation. */
  private record Played(long seed, Shrinkable<Scenario> made, @Nullable RuleViolation violation) {}

  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[0]);
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[1]));
    long step = Long.parseLong(args[2]);
    Sluice.ensureAvailable();
    Path directory = Files.createTempDirectory("chaos");
    boolean[] holds = new boolean[1];
    PlayedSeeds current = new PlayedSeeds(Path.of(args[3]), AT_ONCE);
    JqwikSession.run(
        () ->
            holds[0] = new ChaosChild(directory, current, args.length > 4).run(seed, nanos, step));
    delete(directory);
    // Those that hang are left behind.
    Runtime.getRuntime().halt(holds[0] ? 0 : 1);
  }

  private boolean run(long first, long nanos, long step) throws Exception {
    long begun = System.nanoTime();
    int descriptors = 0;
    for (long seed = first; System.nanoTime() - begun - shrinkingNanos < nanos; ) {
      List<Future<Played>> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++, seed += step) {
        batch.add(players.submit(player(seed, scenarios.of(seed))));
      }
      for (Future<Played> future : batch) {
        tell(future.get());
      }
      int open = descriptors();
      if (descriptors == 0) {
        descriptors = open;
      } else if (open > descriptors + POOLED && broken.add(Rule.DESCRIPTORS.name())) {
        System.out.println(
            "DESCRIPTORS: " + open + " are open, " + descriptors + " were after the first batch");
      }
    }
    System.out.println("played " + played + " scenarios");
    return broken.isEmpty();
  }

  /** The value is made here: the players are no threads of jqwik's. */
  private Callable<Played> player(long seed, Shrinkable<Scenario> made) {
    Scenario scenario = isPlain ? made.value().plain() : made.value();
    return () -> {
      current.set(seed);
      try {
        return new Played(seed, made, play(scenario));
      } finally {
        current.set(0);
      }
    };
  }

  private @Nullable RuleViolation play(Scenario scenario) throws IOException {
    try {
      ScenarioRun.run(scenario, directory, fifos, isPlain);
      return null;
    } catch (RuleViolation violation) {
      return violation;
    }
  }

  private void tell(Played one) throws InterruptedException, ExecutionException {
    played++;
    RuleViolation violation = one.violation;
    if (violation == null || !broken.add(violation.kind())) {
      return;
    }
    System.out.println(FAILED + one.seed + " breaks a rule. " + violation.getMessage());
    System.out.println(one.made.value().described());
    if (violation.kind().equals(Rule.END.name()) || shrinkingNanos > SHRINKING_NANOS) {
      return;
    }
    long begun = System.nanoTime();
    Played smallest = shrunk(one, violation.kind());
    shrinkingNanos += System.nanoTime() - begun;
    if (smallest != one && smallest.violation != null) {
      System.out.println("the smallest found: " + smallest.violation.getMessage());
      System.out.println(smallest.made.value().described());
    }
  }

  /** Chance has a part in it: each is tried some times. */
  private Played shrunk(Played one, String kind) throws InterruptedException, ExecutionException {
    long until = System.nanoTime() + SHRINKING_NANOS;
    Played smallest = one;
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (Shrinkable<Scenario> smaller :
          (Iterable<Shrinkable<Scenario>>) smallest.made.shrink()::iterator) {
        if (System.nanoTime() > until) {
          return smallest;
        }
        Played again = again(one.seed, smaller, kind);
        if (again != null) {
          smallest = again;
          goesOn = true;
          break;
        }
      }
    }
    return smallest;
  }

  private @Nullable Played again(long seed, Shrinkable<Scenario> made, String kind)
      throws InterruptedException, ExecutionException {
    List<Future<Played>> tries = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      tries.add(players.submit(player(seed, made)));
    }
    Played found = null;
    for (Future<Played> future : tries) {
      Played played = future.get();
      if (played.violation != null && played.violation.kind().equals(kind)) {
        found = played;
      }
    }
    return found;
  }

  private static int descriptors() throws IOException {
    int open = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        open++;
      }
    }
    return open;
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}

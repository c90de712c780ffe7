package dev.sluice.tests.channel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.sluice.Mechanism;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The ends of transfers that are closed, interrupted or left by their peers: NIO and Sluice side by
 * side, on the running JDK. Each case runs in a process of its own, which is ended with whatever
 * hangs in it.
 */
final class GuardsReport {
  private static final int AT_A_TIME = 3;
  private static final String ANSWER = "outcomes: ";

  private GuardsReport() {}

  /** The outcomes of one case; NIO's is null where NIO has no method for it. */
  record Row(GuardCase guardCase, GuardOutcome nio, GuardOutcome sluice) {}

  /** Argument: the folder for the report. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    List<GuardCase> cases =
        GuardCase.all().stream()
            .filter(each -> each.mechanism() == Mechanism.AUTO)
            .filter(each -> each.pace() == GuardCase.Pace.STALLED || each.flow().isBetweenFiles())
            .toList();
    List<Row> rows = new ArrayList<>();
    ExecutorService runners = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<Row>> running = new ArrayList<>();
      for (GuardCase each : cases) {
        running.add(runners.submit(() -> inChild(each)));
      }
      for (Future<Row> each : running) {
        rows.add(each.get());
        System.out.printf("\r%d of %d", rows.size(), cases.size());
        System.out.flush();
      }
    } finally {
      runners.shutdownNow();
    }
    String name = "guards-" + Runtime.version().feature();
    Path page = folder.resolve(name + ".md");
    Files.writeString(page, page(rows));
    Files.writeString(
        folder.resolve(name + ".json"),
        new GsonBuilder().setPrettyPrinting().create().toJson(Map.of("rows", rows)));
    long hung = rows.stream().filter(row -> row.nio != null && row.nio.hung()).count();
    long hungHere = rows.stream().filter(row -> row.sluice.hung()).count();
    System.out.printf("%nNIO hangs in %d cases, Sluice in %d: %s%n", hung, hungHere, page);
  }

  /** The child: a case, Sluice first, for NIO may leave it hanging. */
  static final class Child {
    public static void main(String[] words) throws Exception {
      GuardCase guardCase = GuardCase.of(words);
      Path directory = Files.createTempDirectory("guards");
      // Loads the library and the classes, as the JDK's are loaded already.
      GuardRun.sluice(guardCase, directory);
      GuardOutcome sluice = GuardRun.sluice(guardCase, directory);
      GuardOutcome nio =
          guardCase.flow().isKnownToNio() ? GuardRun.nio(guardCase, directory) : null;
      System.out.println(ANSWER + new Gson().toJson(new Row(guardCase, nio, sluice)));
      System.out.flush();
      try (Stream<Path> left = Files.list(directory)) {
        for (Path path : left.toList()) {
          Files.delete(path);
        }
      }
      Files.delete(directory);
      Runtime.getRuntime().halt(0);
    }
  }

  static Row inChild(GuardCase guardCase) throws IOException, InterruptedException {
    String[] words = guardCase.words().toArray(new String[0]);
    String output = new ChildJvm().optimizing().run(Child.class, words).output();
    String answer =
        output
            .lines()
            .filter(line -> line.startsWith(ANSWER))
            .findFirst()
            .orElseThrow(() -> new IOException("no answer for " + guardCase + ": " + output));
    return new Gson().fromJson(answer.substring(ANSWER.length()), Row.class);
  }

  private static String page(List<Row> rows) {
    StringBuilder page = new StringBuilder();
    page.append("# What becomes of a transfer\n\n")
        .append("Java ")
        .append(System.getProperty("java.runtime.version"))
        .append(", Linux ")
        .append(System.getProperty("os.version"))
        .append(". A transfer that waits (from file to file: that moves), something that happens")
        .append(" to it, and how it ends. \"Hangs\": it was not over after ")
        .append(GuardRun.HANGS_MILLIS)
        .append(" ms.\n\n")
        .append("| transfer | what happens | thread | NIO | Sluice |\n|---|---|---|---|---|\n");
    for (Row row : rows) {
      GuardCase guardCase = row.guardCase;
      page.append("| ")
          .append(words(guardCase.flow()))
          .append(" | ")
          .append(words(guardCase.act()))
          .append(" | ")
          .append(words(guardCase.carried()))
          .append(" | ")
          .append(row.nio == null ? "has no such method" : text(row.nio))
          .append(" | ")
          .append(text(row.sluice))
          .append(" |\n");
    }
    return page.toString();
  }

  private static String words(Enum<?> name) {
    return name.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  static String text(GuardOutcome outcome) {
    String actor = outcome.actorMillis() < 0 ? "; **whoever did it hangs too**" : "";
    if (outcome.transferMillis() < 0) {
      return "**hangs**" + actor;
    }
    String end = outcome.count() >= 0 ? String.format("%,d bytes", outcome.count()) : outcome.end();
    String open =
        (outcome.sourceOpen() ? ", source open" : "")
            + (outcome.targetOpen() ? ", target open" : "");
    return end + " after " + outcome.transferMillis() + " ms" + open + actor;
  }
}

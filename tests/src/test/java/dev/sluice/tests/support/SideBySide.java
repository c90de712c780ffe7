package dev.sluice.tests.support;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.console.ConsoleLauncher;

/**
 * Runs a suite as several JVMs side by side, because many tests wait. Each JVM takes the options of
 * this one and the arguments for the launcher, and tests some of the rooms; three with the JDK's
 * internals, and two without them, which test what has to pass so. What takes long is tested
 * without them on the oldest JDK alone: the way without them knows little of the JDK.
 *
 * <p>Each JVM has files of its own: its reports lie in a directory with its name below the
 * directory of {@code --reports-dir}.
 */
public final class SideBySide {
  /** These rooms take about as long as all the others. */
  private static final List<String> STREAMS =
      Stream.of("transfer", "channel", "chaos").map(room -> "dev.sluice.tests." + room).toList();

  /** The comparison, whose tests wait for the processes that they start. */
  private static final List<String> COMPARISON = List.of("dev.sluice.bench");

  private static final List<String> OTHERS =
      chosen("--exclude-package", Stream.concat(STREAMS.stream(), COMPARISON.stream()).toList());

  private static final int OLDEST = 17;

  private static final String OFF = "-Ddev.sluice.internals=off";

  private SideBySide() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<Process> parts = new ArrayList<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> parts.forEach(Process::destroy)));
    parts.add(start("streams", chosen("--include-package", STREAMS), options, List.of(arguments)));
    parts.add(start("others", OTHERS, options, List.of(arguments)));
    if (!options.contains(OFF)) {
      parts.add(
          start(
              "comparison", chosen("--include-package", COMPARISON), options, List.of(arguments)));
      List<String> off = with(options, OFF);
      List<String> both = with(List.of(arguments), "--include-tag", "both-guards");
      if (Runtime.version().feature() > OLDEST) {
        both = with(both, "--exclude-tag", "slow");
      }
      parts.add(
          start("streams-without-internals", chosen("--include-package", STREAMS), off, both));
      parts.add(start("others-without-internals", OTHERS, off, both));
    }
    int worst = 0;
    for (Process part : parts) {
      worst = Math.max(worst, part.waitFor());
    }
    System.exit(worst);
  }

  private static List<String> with(List<String> list, String... more) {
    return Stream.concat(list.stream(), Stream.of(more)).toList();
  }

  private static List<String> chosen(String option, List<String> rooms) {
    return rooms.stream().flatMap(room -> Stream.of(option, room)).toList();
  }

  private static Process start(
      String name, List<String> selection, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ConsoleLauncher.class.getName());
    arguments.stream().map(argument -> own(argument, name)).forEach(command::add);
    command.addAll(selection);
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static String own(String argument, String name) {
    if (argument.startsWith("--reports-dir=")) {
      return argument + File.separator + name;
    }
    return argument.startsWith("jqwik.database=") ? argument + "-" + name : argument;
  }
}

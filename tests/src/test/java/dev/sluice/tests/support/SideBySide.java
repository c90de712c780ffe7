package dev.sluice.tests.support;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.console.ConsoleLauncher;

/**
 * Runs a suite as two JVMs side by side, because many tests wait. Each JVM takes the options of
 * this one and the arguments for the launcher, and tests some of the rooms.
 *
 * <p>Each JVM has files of its own: the reports of one lie in {@code streams} below the directory
 * of {@code --reports-dir}, and those of the other in {@code others}.
 */
public final class SideBySide {
  /** These rooms take about as long as all the others. */
  private static final List<String> STREAMS =
      Stream.of("transfer", "channel", "chaos").map(room -> "dev.sluice.tests." + room).toList();

  private SideBySide() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<Process> halves = new ArrayList<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> halves.forEach(Process::destroy)));
    halves.add(start("streams", "--include-package", arguments));
    halves.add(start("others", "--exclude-package", arguments));
    int worst = 0;
    for (Process half : halves) {
      worst = Math.max(worst, half.waitFor());
    }
    System.exit(worst);
  }

  private static Process start(String name, String selection, String[] arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(ChildJvm.java()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ConsoleLauncher.class.getName());
    Arrays.stream(arguments).map(argument -> own(argument, name)).forEach(command::add);
    STREAMS.forEach(room -> command.addAll(List.of(selection, room)));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static String own(String argument, String name) {
    if (argument.startsWith("--reports-dir=")) {
      return argument + File.separator + name;
    }
    return argument.startsWith("jqwik.database=") ? argument + "-" + name : argument;
  }
}

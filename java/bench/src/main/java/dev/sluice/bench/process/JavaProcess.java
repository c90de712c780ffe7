package dev.sluice.bench.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of another Java process, with the options and the class path of this one. */
public final class JavaProcess {
  private JavaProcess() {}

  /** The program {@code java} of the JDK in a directory. */
  public static Path executable(Path home) {
    return home.resolve("bin").resolve("java");
  }

  /** The command on the JDK of this process. */
  public static List<String> command(String mainClass, List<String> arguments) {
    return command(Path.of(System.getProperty("java.home")), mainClass, arguments);
  }

  /** The command on the JDK in {@code home}. */
  public static List<String> command(Path home, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(executable(home).toString()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return command;
  }
}

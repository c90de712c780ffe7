package dev.sluice.bench.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The main class of {@code sluice-compare.jar}: unpacks what is inside, runs a program of it in a
 * process of its own, and removes what was unpacked. The program gets the options of this JVM, and
 * its exit status is this one's.
 */
public final class Launcher {
  private static final int FAILED = 1;

  /** What an interrupted program gets to write its report. */
  private static final long SECONDS_TO_END = 60;

  private Launcher() {}

  /** The arguments are those of {@code compare}, or the word of another program and its own. */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) throws InterruptedException {
    try (UnpackedFiles files = UnpackedFiles.inPrivateDirectory()) {
      Ending ending = new Ending(files);
      Runtime.getRuntime().addShutdownHook(new Thread(ending, "removal of what was unpacked"));
      files.unpack();
      Process process = new ProcessBuilder(command(files, arguments)).inheritIO().start();
      ending.process = process;
      return process.waitFor();
    } catch (IOException e) {
      System.err.println("sluice-compare: " + e.getMessage());
      return FAILED;
    }
  }

  private static List<String> command(UnpackedFiles files, List<String> arguments)
      throws IOException {
    Program program = Program.of(arguments);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"));
    command.add("-Ddev.sluice.bench.library=" + files.library());
    command.add("-Ddev.sluice.bench.peer=" + files.peer());
    // As the command line of this JVM names it.
    command.add("-Ddev.sluice.bench.jar=" + System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", files.classPath(), program.mainClass()));
    command.addAll(program.ownArguments(arguments));
    return command;
  }

  /** When this JVM ends, however it ends: ends the program, and removes the files. */
  private static final class Ending implements Runnable {
    private final UnpackedFiles files;
    private volatile Process process;

    private Ending(UnpackedFiles files) {
      this.files = files;
    }

    @Override
    public void run() {
      try {
        if (process != null) {
          process.destroy();
          process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
          process.destroyForcibly();
        }
        files.close();
      } catch (IOException e) {
        System.err.println("sluice-compare: cannot remove what was unpacked: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

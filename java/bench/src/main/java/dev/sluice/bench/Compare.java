package dev.sluice.bench;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code compare}. Exit status 0: every cell measured and every byte verified; 1:
 * something failed, or Sluice is not available; 2: it was called wrongly.
 */
@Command(
    name = "compare",
    description = "Sluice side by side with the JDK's NIO and with C, on a real file.",
    mixinStandardHelpOptions = false,
    sortOptions = false)
public final class Compare implements Callable<Integer> {
  private static final int SOUND = 0;
  private static final int UNSOUND = 1;
  private static final int CALLED_WRONGLY = 2;
  private static final int STANDARD_ERROR = 2;

  /**
   * What all cells take together: with what a cell overruns, the whole run stays below 4 minutes.
   */
  private static final int DEFAULT_SECONDS = 170;

  private static final int MOST_SECONDS_PER_CELL = 15;

  private final PrintStream out;
  private final PrintStream err;

  @Spec private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file to move. Default: lib/modules of the running JDK.")
  private Path file = Path.of(System.getProperty("java.home"), "lib", "modules");

  @Option(
      names = "--only",
      paramLabel = "CELLS",
      split = ",",
      completionCandidates = Matrix.Vocabulary.class,
      description =
          "Only these directions or pieces (${COMPLETION-CANDIDATES})"
              + " or cells (file-socket/4KiB), separated by commas. sparse-copy, which writes 3 GiB"
              + " and takes a minute, runs only where it is named here.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description =
          "Time for each cell, verification and warm-up included. Default: what "
              + DEFAULT_SECONDS
              + " s come to for each, at most "
              + MOST_SECONDS_PER_CELL
              + ".")
  private Double seconds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where compare.json goes, and the files that are written. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of("build", "reports", "compare");

  @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
  private boolean help;

  Compare(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /** Runs the command and answers its exit status. */
  static int run(PrintStream out, PrintStream err, String... arguments) {
    CommandLine command = new CommandLine(new Compare(out, err));
    command.setOut(new java.io.PrintWriter(out, true));
    command.setParameterExceptionHandler(
        (e, given) -> {
          err.println("compare: " + oneLine(e));
          return CALLED_WRONGLY;
        });
    command.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          err.println("compare: " + oneLine(e));
          return UNSOUND;
        });
    return command.execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    long fileBytes = checkedFile();
    checkedOptions();
    List<Cell> cells = Matrix.cells(fileBytes, only);
    if (cells.isEmpty()) {
      throw wrong("--only leaves no cell for a file of " + fileBytes + " bytes");
    }
    if (seconds == null) {
      seconds = Math.min(MOST_SECONDS_PER_CELL, (double) DEFAULT_SECONDS / cells.size());
    }
    checkedDirectory(cells);
    Native.load();

    Report report = measured(cells, fileBytes);
    Path json = JsonReport.write(report, directory);
    out.print(TerminalTable.of(report));
    out.println("Everything, every round: " + json);
    return report.sound() ? SOUND : UNSOUND;
  }

  private Report measured(List<Cell> cells, long fileBytes) throws IOException {
    Report.Library library = Facts.library();
    if (!library.available()) {
      err.println("compare: Sluice is not available, only the others run: " + library.cause());
    }
    Report.Settings settings =
        new Report.Settings(
            file.toString(),
            fileBytes,
            Facts.fileSystem(file),
            directory.toString(),
            Facts.fileSystem(directory),
            only,
            seconds,
            Summary.CONFIDENCE,
            dev.sluice.bench.report.Verdict.MARGIN);
    String created = Instant.now().toString();
    Report.Machine machine = Facts.machine();
    boolean terminal = Native.isTerminal0(STANDARD_ERROR);
    List<CellResult> results = new ArrayList<>();
    try (SystemCalls systemCalls = SystemCalls.open();
        Progress progress = Progress.on(err, terminal, cells.size(), seconds)) {
      Map<Long, String> digests = digests(cells);
      for (Cell cell : cells) {
        progress.cell(cell.title());
        results.add(result(cell, digests, library.available(), systemCalls, progress));
      }
      return new Report(
          Report.FORMAT,
          created,
          settings,
          machine,
          Facts.jdk(),
          library,
          systemCalls.how(),
          results);
    }
  }

  private CellResult result(
      Cell cell,
      Map<Long, String> digests,
      boolean sluice,
      SystemCalls systemCalls,
      Progress progress) {
    try (Route route = Route.open(cell.direction(), file, directory)) {
      List<Contender> contenders = Contenders.of(cell.direction(), sluice);
      return new CellRun(cell, route, contenders, systemCalls, seconds, progress::part)
          .run(route.sourceDigest().orElse(digests.get(cell.work().region())));
    } catch (IOException e) {
      return Summary.failed(cell, e.toString());
    }
  }

  /** Of each region that some cell moves. Reading them brings the file into the page cache too. */
  private Map<Long, String> digests(List<Cell> cells) throws IOException {
    Map<Long, String> digests = new HashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (Cell cell : cells) {
        long region = cell.work().region();
        if (region <= channel.size() && !digests.containsKey(region)) {
          digests.put(region, Digests.sha256(channel, region));
        }
      }
    }
    return digests;
  }

  private long checkedFile() {
    if (Files.isDirectory(file)) {
      throw wrong(file + " is a directory, not a file");
    }
    // Before it is opened, which for a FIFO means to wait for a writer.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw wrong(file + " is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() == 0) {
        throw wrong(file + " is empty");
      }
      return channel.size();
    } catch (NoSuchFileException e) {
      throw wrong(file + " does not exist");
    } catch (IOException e) {
      throw wrong(file + " cannot be read: " + e.getMessage());
    }
  }

  private void checkedOptions() {
    for (String name : only) {
      if (!Matrix.isKnown(name)) {
        throw wrong("--only does not know '" + name + "', only " + Matrix.vocabulary());
      }
    }
    if (seconds != null && !(seconds > 0)) {
      throw wrong("--seconds must be more than 0, not " + seconds);
    }
  }

  /** Exists, and has room for what is written there. */
  private void checkedDirectory(List<Cell> cells) {
    long needed = cells.stream().mapToLong(cell -> cell.work().region()).max().orElse(0);
    try {
      Files.createDirectories(directory);
      if (Files.getFileStore(directory).getUsableSpace() < needed) {
        throw wrong(directory + " has no room for the " + needed + " bytes that are written there");
      }
    } catch (IOException e) {
      throw wrong(directory + " cannot be written: " + e);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}

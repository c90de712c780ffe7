package dev.sluice.bench;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Matrix;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Verdict;
import dev.sluice.bench.run.CellFigures;
import dev.sluice.bench.run.Environment;
import dev.sluice.bench.run.FirstCalls;
import dev.sluice.bench.run.JdkRun;
import dev.sluice.bench.run.JvmShare;
import dev.sluice.bench.sluice.OtherSluice;
import dev.sluice.bench.terminal.Progress;
import dev.sluice.bench.terminal.ProgressLines;
import dev.sluice.bench.terminal.ReportDiff;
import dev.sluice.bench.terminal.Terminal;
import dev.sluice.bench.textbook.TextbookTable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code compare}. Exit status 0: every cell measured and every byte verified; 1:
 * something failed, or Sluice is not available; 2: it was called wrongly. An interrupt leaves the
 * report of what was done.
 */
@Command(
    name = "compare",
    description = "Sluice side by side with the JDK's NIO, Netty and C, on a real file.",
    mixinStandardHelpOptions = false,
    sortOptions = false)
public final class Compare implements Callable<Integer> {
  static final int SOUND = 0;
  static final int UNSOUND = 1;
  private static final int CALLED_WRONGLY = 2;

  /**
   * What all cells take together: with what a cell overruns, the start of the JVMs, and the
   * textbook's table, the whole run stays below 6 minutes.
   */
  private static final int DEFAULT_SECONDS = 120;

  private static final int MOST_SECONDS_PER_CELL = 15;

  /** In a full run: there are hundreds of cells. */
  private static final int FULL_SECONDS_PER_CELL = 6;

  private static final int DEFAULT_JVMS = 5;

  /** The fewest that a verdict takes. */
  private static final int FULL_JVMS = Verdict.LEAST_JVMS;

  /** Names the {@code sluice-compare.jar} that this runs in. */
  private static final String JAR_PROPERTY = "dev.sluice.bench.jar";

  private final PrintStream out;
  private final PrintStream err;

  @Spec private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "The file to move. Default: lib/modules of the running JDK; with --full, 320 MiB of"
              + " random bytes.")
  private Path file;

  @Option(
      names = "--full",
      description =
          "Every cell, with every size, 1, 8 and 64 connections and both kinds of thread.")
  private boolean full;

  @Option(
      names = "--only",
      paramLabel = "CELLS",
      split = ",",
      completionCandidates = Vocabulary.class,
      description =
          "Only these directions, pieces, crews or settings (${COMPLETION-CANDIDATES}) of the usual"
              + " cells, or with --full of all; or exactly these cells (file-socket/4KiB,"
              + " file-socket/64KiB/virtual-8 or file-socket/4KiB/nagle), separated by commas.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description =
          "Time for each cell in all JVMs, verification and warm-up included. Default: what "
              + DEFAULT_SECONDS
              + " s come to for each, at most "
              + MOST_SECONDS_PER_CELL
              + "; with --full "
              + FULL_SECONDS_PER_CELL
              + ".")
  private Double seconds;

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description =
          "Another JDK, which is measured too, by turns with the running one: one report of both."
              + " May be given several times.")
  private List<Path> jdks = new ArrayList<>();

  @Option(
      names = "--jvms",
      paramLabel = "NUMBER",
      description =
          "Fresh JVMs that measure each cell, one after the other. A verdict takes "
              + Verdict.LEAST_JVMS
              + ". Default: "
              + DEFAULT_JVMS
              + "; with --full "
              + FULL_JVMS
              + ".")
  private Integer jvms;

  @Option(
      names = "--against",
      paramLabel = "JAR",
      description =
          "The jar of another build of Sluice, whose drop-in takes part in the same rounds.")
  private Path against;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where index.html and compare.json go, and the files that are written. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path directory = Path.of("build", "reports", "compare");

  @Option(
      names = "--diff",
      arity = "2",
      paramLabel = "JSON",
      description =
          "Measures nothing: what moved beyond noise from the first compare.json to the"
              + " second.")
  private List<Path> diff = new ArrayList<>();

  /** For a fresh JVM, whose report is a part of the whole: the file that it goes to. */
  @Option(names = "--part", hidden = true)
  private Path part;

  /** For a fresh JVM: its number. */
  @Option(names = "--jvm", hidden = true)
  private int jvm = 1;

  @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
  private boolean help;

  private boolean generated;

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
    command.setOut(new PrintWriter(out, true));
    command.setParameterExceptionHandler(
        (e, given) -> {
          err.println("compare: " + ArgumentChecks.oneLine(e));
          return CALLED_WRONGLY;
        });
    command.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          err.println("compare: " + ArgumentChecks.oneLine(e));
          return UNSOUND;
        });
    return command.execute(arguments);
  }

  /** What {@code --only} may say, as its help lists it. */
  static final class Vocabulary implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Matrix.vocabulary(), TextbookTable.NAME, FirstCalls.NAME).iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    ArgumentChecks checks = new ArgumentChecks(spec.commandLine());
    if (!diff.isEmpty()) {
      out.print(ReportDiff.of(checks.report(diff.get(0)), checks.report(diff.get(1))));
      return SOUND;
    }
    checks.only(only);
    checks.jdks(jdks);
    checks.seconds(seconds);
    checks.jvms(jvms);
    checks.against(against);
    generated = full && file == null;
    if (file == null) {
      file = Path.of(System.getProperty("java.home"), "lib", "modules");
    }
    long fileBytes = generated ? RandomFile.BYTES : checks.fileBytes(file);
    List<Cell> cells = Matrix.cells(fileBytes, only, full);
    boolean textbook = only.isEmpty() || only.contains(TextbookTable.NAME);
    boolean firstCalls = only.isEmpty() || only.contains(FirstCalls.NAME);
    if (cells.isEmpty() && !textbook && !firstCalls) {
      throw checks.wrong(
          "--only leaves no cell for a file of "
              + fileBytes
              + " bytes"
              + (full ? "" : "; --full has more"));
    }
    if (seconds == null) {
      seconds = defaultSeconds(cells.size());
    }
    if (jvms == null) {
      jvms = cells.isEmpty() && !firstCalls ? 1 : full ? FULL_JVMS : DEFAULT_JVMS;
    }
    checks.directory(directory, neededBytes(cells));
    NativeLibrary.load();
    if (generated) {
      file = RandomFile.in(directory);
    }
    Workspace workspace = Workspace.of(file, directory);
    cells = cells.stream().filter(cell -> cell.isPossibleIn(workspace)).toList();
    Report before = report(workspace, fileBytes);
    return part == null
        ? wholeMeasured(before, cells.size(), textbook, firstCalls)
        : partMeasured(before, workspace, cells, textbook);
  }

  /** Has fresh JVMs measure, and makes one report of theirs. */
  private int wholeMeasured(Report before, int cells, boolean textbook, boolean firstCalls)
      throws IOException {
    List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    homes.addAll(jdks);
    Path report = directory.resolve("part.json");
    FreshJvms freshJvms =
        new FreshJvms(
            homes,
            new PartCommand(file, directory, report, full, only, against, jvms, seconds),
            err);
    ReportWriter writer = new ReportWriter(out, err, directory, null, before, freshJvms::runs);
    int more = textbook ? TextbookTable.STEPS : 0;
    int steps = homes.size() * (jvms * cells + more);
    return ReportedMeasurement.run(
        writer,
        freshJvms::end,
        () -> {
          try (Progress progress =
              Progress.on(err, Terminal.isStandardError(), steps, seconds / jvms)) {
            return freshJvms.run(progress, cells, more, firstCalls);
          }
        });
  }

  /** Measures the share of this JVM. */
  private int partMeasured(Report before, Workspace workspace, List<Cell> cells, boolean textbook)
      throws IOException {
    JdkRun jdkRun =
        new JdkRun(
            workspace,
            new JvmShare(jvm, jvms, seconds),
            Optional.ofNullable(against).map(OtherSluice::new));
    if (!jdkRun.library().available() && jvm == 1) {
      err.println(
          "compare: Sluice is not available, only the others run: " + jdkRun.library().cause());
    }
    ReportWriter writer =
        new ReportWriter(out, err, directory, part, before, () -> List.of(jdkRun.result()));
    return ReportedMeasurement.run(
        writer,
        () -> {},
        () -> {
          jdkRun.measure(cells, textbook, new ProgressLines(out));
          return true;
        });
  }

  private Report report(Workspace workspace, long fileBytes) throws IOException {
    Report.Settings settings =
        new Report.Settings(
            System.getProperty(JAR_PROPERTY),
            file.toString(),
            fileBytes,
            generated,
            Environment.fileSystem(file),
            directory.toString(),
            Environment.fileSystem(directory),
            Objects.toString(workspace.other(), null),
            workspace.other() == null ? null : Environment.fileSystem(workspace.other()),
            full,
            only,
            Objects.toString(against, null),
            jvms,
            seconds,
            CellFigures.CONFIDENCE,
            Verdict.MARGIN);
    return new Report(
        Report.FORMAT, Instant.now().toString(), false, settings, Environment.machine(), List.of());
  }

  /** The bytes that are written to the directory at a time. */
  private long neededBytes(List<Cell> cells) {
    return cells.stream().mapToLong(cell -> cell.roundSize().region()).max().orElse(0)
        + (generated ? RandomFile.BYTES : 0);
  }

  private double defaultSeconds(int cells) {
    return full
        ? FULL_SECONDS_PER_CELL
        : Math.min(
            MOST_SECONDS_PER_CELL,
            (double) DEFAULT_SECONDS / (jdks.size() + 1) / Math.max(1, cells));
  }
}

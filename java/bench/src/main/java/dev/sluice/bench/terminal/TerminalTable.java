package dev.sluice.bench.terminal;

import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.page.Figures;
import dev.sluice.bench.page.SeenFigures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.SingleCalls;
import dev.sluice.bench.report.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The report as a person reads it, a table for each direction, at most 100 columns wide. */
public final class TerminalTable {
  private static final int WIDTH = 100;
  private static final String ROW = "%-11s%1s %-25s %6s %8s %9s %6s  %-13s %6s";

  private static final String CALL_ROW = "%-18s %-26s %9s %9s %16s";
  private static final String MECHANISM_ROW = "%-26s %-7s %8s %9s %9s %7s %7s %7s %7s";
  private static final String SHARING_ROW = "%-26s %-14s %-14s %-14s %-14s";
  private static final String RULE = "-".repeat(WIDTH);

  private final Report report;
  private final StringBuilder text = new StringBuilder();

  private TerminalTable(Report report) {
    this.report = report;
  }

  public static String of(Report report) {
    TerminalTable table = new TerminalTable(report);
    table.heading();
    report.runs().forEach(table::run);
    table.explanation();
    return table.text.toString();
  }

  private void heading() {
    Report.Settings settings = report.settings();
    line("Sluice beside NIO: %s, %,d bytes", settings.file(), settings.fileBytes());
    line(
        "%s, %d cores; %s; targets on %s",
        report.machine().cpu(),
        report.machine().cores(),
        report.machine().kernel(),
        settings.targetFileSystem());
    if (!report.complete()) {
      line("INTERRUPTED: this is what was done until then");
    }
  }

  private void run(Run run) {
    line("");
    line("Java %s", run.jdk().version());
    if (!run.library().available()) {
      line("Sluice is not available and takes no part: %s", run.library().cause());
    }
    run.cells().stream()
        .collect(
            Collectors.groupingBy(CellResult::direction, LinkedHashMap::new, Collectors.toList()))
        .forEach(this::direction);
    calls(run.cells());
    mechanisms(run);
    sharing(run);
    conclusion(run);
  }

  private void direction(String title, List<CellResult> cells) {
    line("");
    line("%s", title);
    line(ROW, "call", "", "", "", "CPU s", "system", "times", "95 %", "times");
    line(ROW, "asks for", "", "", "GB/s", "per GB", "calls/c.", "NIO", "interval", "C");
    for (CellResult cell : cells) {
      line("%s", RULE);
      cell(cell);
    }
    line("%s", RULE);
    leftOut(cells);
  }

  private void cell(CellResult cell) {
    if (cell.failure() != null) {
      line("%-11s  FAILED: %s", cell.piece(), cell.failure());
      return;
    }
    String first = cell.piece();
    if (!cell.what().equals(first)) {
      line("%s", cell.what());
      first = "";
    }
    for (ContenderResult contender : cell.contenders()) {
      if (contender.outcome() == Outcome.LEFT_OUT) {
        continue;
      }
      if (contender.outcome() == Outcome.FAILED) {
        line("%-11s  %s FAILED: %s", first, contender.name(), contender.reason());
      } else {
        String verdict =
            contender.role() == Role.AUTO && cell.verdict() != null ? "  " + cell.verdict() : "";
        line("%s%s", row(first, contender), verdict);
      }
      first = "";
    }
    remark(cell).ifPresent(remark -> line("%-11s  %s", "", remark));
  }

  private static String row(String first, ContenderResult contender) {
    return String.format(
        Locale.ROOT,
        ROW,
        first,
        contender.role() == Role.AUTO ? ">" : "",
        contender.name(),
        Figures.speed(contender.gigabytesPerSecond()),
        Figures.cpu(contender.cpuSecondsPerGigabyte()),
        Figures.calls(contender.systemCallsPerCall()),
        contender.role() == Role.NIO ? "1" : Figures.times(contender.ratioToNio()),
        Figures.range(contender.ratioToNio()),
        Figures.times(contender.ratioToC()));
  }

  /** What else an honest reader should see about a cell. */
  private static Optional<String> remark(CellResult cell) {
    List<String> remarks = new ArrayList<>();
    Interval toLoop = cell.ratioToLoop();
    if (cell.loopIsEnough()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "a plain NIO loop is %s: AUTO is %.2f times it, %s",
              Verdict.of(toLoop) == Verdict.LOSS ? "faster" : "as good",
              toLoop.median(),
              Figures.range(toLoop)));
    }
    return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
  }

  private void leftOut(List<CellResult> cells) {
    cells.stream()
        .flatMap(cell -> cell.contenders().stream())
        .filter(contender -> contender.outcome() == Outcome.LEFT_OUT)
        .collect(
            Collectors.toMap(
                ContenderResult::name,
                ContenderResult::reason,
                (one, other) -> one,
                LinkedHashMap::new))
        .forEach((name, reason) -> line("left out: %s (%s)", name, reason));
  }

  private void calls(List<CellResult> cells) {
    List<CellResult> timed =
        cells.stream()
            .filter(cell -> cell.contenders().stream().anyMatch(c -> c.calls() != null))
            .toList();
    if (timed.isEmpty()) {
      return;
    }
    line("");
    line("single calls");
    line(CALL_ROW, "", "", "p50 us", "p99 us", "bytes allocated");
    for (CellResult cell : timed) {
      line("%s", RULE);
      String first = cell.id();
      for (ContenderResult contender : cell.contenders()) {
        SingleCalls calls = contender.calls();
        if (calls != null) {
          line(
              CALL_ROW,
              first,
              contender.name(),
              Figures.micros(calls.p50Micros()),
              Figures.micros(calls.p99Micros()),
              Figures.of("%.0f", calls.allocatedBytes()));
          first = "";
        }
      }
    }
    line("%s", RULE);
  }

  private void mechanisms(Run run) {
    run.mechanisms().stream()
        .collect(
            Collectors.groupingBy(
                MechanismResult::direction, LinkedHashMap::new, Collectors.toList()))
        .forEach(this::mechanisms);
  }

  private void mechanisms(String title, List<MechanismResult> rows) {
    line("");
    line("the textbook, measured: %s; for each MiB", title);
    line(
        MECHANISM_ROW,
        "",
        "book:",
        "system",
        "mode",
        "bytes by",
        "CPU us",
        "CPU us",
        "page",
        "cold:");
    line(
        MECHANISM_ROW,
        "",
        "copies",
        "calls",
        "switches",
        "user",
        "user",
        "kernel",
        "faults",
        "blocks");
    line("%s", RULE);
    for (MechanismResult row : rows) {
      if (row.outcome() == Outcome.FAILED) {
        line("%s FAILED: %s", row.name(), row.reason());
      } else if (row.seen() != null) {
        SeenFigures seen = SeenFigures.of(row);
        line(
            MECHANISM_ROW,
            row.name(),
            seen.book(),
            seen.calls(),
            seen.modeSwitches(),
            seen.userBytes(),
            seen.userMicros(),
            seen.systemMicros(),
            seen.faults(),
            seen.coldBlockReads());
      }
    }
    line("%s", RULE);
  }

  private void sharing(Run run) {
    List<MechanismResult> tried =
        run.mechanisms().stream()
            .filter(row -> row.directionId().equals(Direction.FILE_TO_SOCKET.id()))
            .filter(row -> !row.sharing().isEmpty())
            .toList();
    if (tried.isEmpty()) {
      return;
    }
    line("");
    line("copied or shared: the file was changed after it was sent and before it was read");
    line(SHARING_ROW, "", "TCP", "unix socket", "pipe", "");
    line("%s", RULE);
    for (MechanismResult row : tried) {
      List<String> cells = new ArrayList<>(List.of(row.name()));
      row.sharing().forEach(each -> cells.add(SeenFigures.words(each.answer())));
      while (cells.size() < 5) {
        cells.add("");
      }
      line(SHARING_ROW, cells.toArray());
    }
    line("%s", RULE);
  }

  private void explanation() {
    line("");
    line(
        "Times NIO: speed over that of the JDK's own call, median of the ratios paired within a"
            + " round, with");
    line(
        "its interval. WIN and LOSS: the whole interval is more than %.0f %% off 1; else LEVEL."
            + " Times C: over the",
        100 * report.settings().margin());
    line("same system call from a C loop. GB: 10^9 bytes. CPU, system calls: of the transferring");
    line("thread; CPU with several threads: of the process.");
  }

  private void conclusion(Run run) {
    line("");
    line("System calls: %s", run.systemCalls());
    for (Verdict verdict : Verdict.values()) {
      cells(run, "AUTO against NIO, " + verdict, c -> c.verdict() == verdict);
    }
    cells(run, "A plain NIO loop does as well as AUTO", CellResult::loopIsEnough);
    cells(run, "FAILED", c -> !c.sound());
  }

  private void cells(Run run, String heading, Predicate<CellResult> which) {
    List<String> ids = run.cells().stream().filter(which).map(CellResult::id).toList();
    if (!ids.isEmpty()) {
      line("%s: %s", heading, String.join(", ", ids));
    }
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }
}

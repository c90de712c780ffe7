package dev.sluice.bench.page;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.section;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Run;
import j2html.tags.DomContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the figures depend on. */
final class FactsSection {
  private FactsSection() {}

  static DomContent of(Report report) {
    Map<String, String> facts = new LinkedHashMap<>();
    Report.Settings settings = report.settings();
    Report.Machine machine = report.machine();
    facts.put("measured", report.created());
    facts.put(
        "file",
        String.format(
            Locale.ROOT,
            "%s, %,d bytes, %s",
            settings.file(),
            settings.fileBytes(),
            settings.fileSystem()));
    facts.put("written to", settings.targetDirectory() + ", " + settings.targetFileSystem());
    facts.put(
        "another file system",
        settings.otherDirectory() == null
            ? "none was found: " + Figures.NOT_MEASURED
            : settings.otherDirectory() + ", " + settings.otherFileSystem());
    facts.put(
        "time for each cell",
        Figures.of("%.1f", settings.secondsPerCell()) + " s in " + settings.jvms() + " fresh JVMs");
    facts.put("CPU", machine.cpu() + ", " + machine.cores() + " cores");
    facts.put("CPUs that it may use", machine.allowedCpus());
    facts.put("placement", placement(report));
    facts.put("kernel's CPU accounting", machine.cpuAccounting());
    facts.put("frequency governor", machine.frequencyGovernor());
    facts.put("memory", machine.memoryBytes() / (1 << 20) + " MiB");
    facts.put("kernel", machine.kernel());
    facts.put("load when it began", machine.loadAverage());
    facts.put("tcp_rmem", machine.tcpReceiveBuffer());
    facts.put("tcp_wmem", machine.tcpSendBuffer());
    for (Run run : report.runs()) {
      String java = "Java " + SummaryText.major(run);
      facts.put(java, run.jdk().version() + ", " + run.jdk().vendor() + ", " + run.jdk().vm());
      facts.put(java + " home", run.jdk().home());
      facts.put(java + " options", String.join(" ", run.jdk().arguments()));
      facts.put(java + " system calls", run.systemCalls());
      facts.put(java + " Sluice", run.library().diagnostics());
    }
    return section(
            h2("Machine facts"),
            dl(each(facts, (name, value) -> j2html.TagCreator.div(dt(name), dd(value))))
                .withClass("facts"))
        .withId("facts");
  }

  /** Where the two ends of the cells run, as their conditions tell it. */
  private static String placement(Report report) {
    Map<String, List<String>> cells =
        report.runs().stream()
            .limit(1)
            .flatMap(run -> run.cells().stream())
            .filter(cell -> cell.conditions().containsKey("placement"))
            .collect(
                Collectors.groupingBy(
                    cell -> cell.conditions().get("placement"),
                    LinkedHashMap::new,
                    Collectors.mapping(CellResult::id, Collectors.toList())));
    return cells.isEmpty()
        ? "the scheduler's"
        : cells.entrySet().stream()
            .map(each -> each.getKey() + ": " + String.join(", ", each.getValue()))
            .collect(Collectors.joining("\n"));
  }
}

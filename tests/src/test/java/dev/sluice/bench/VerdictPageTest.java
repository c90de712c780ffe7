package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Run;
import dev.sluice.bench.report.Verdict;
import dev.sluice.bench.terminal.TerminalTable;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdicts of a made-up report on the page and on the terminal. */
@Tag("any-jdk")
class VerdictPageTest {
  @TempDir static Path directory;

  private static final Report REPORT =
      Reports.of(
          Stream.of(Verdict.values())
              .map(
                  verdict ->
                      Reports.cell(
                          "file-socket/" + verdict.name(),
                          verdict,
                          Reports.contender("NIO transferTo", Role.NIO, Reports.interval(1, 2, 3)),
                          Reports.contender("Sluice AUTO", Role.AUTO, Reports.interval(2, 3, 4)),
                          Reports.contender(
                              "Sluice SPLICE", Role.MECHANISM, Reports.interval(5, 6, 7)),
                          Reports.contender("Netty", Role.NETTY, Reports.interval(1, 1, 1)),
                          Reports.busyFarEnd("C sendfile", Role.C, Reports.interval(3, 4, 5))))
              .toArray(CellResult[]::new));

  private static String page;

  @BeforeAll
  static void write() throws Exception {
    page = PageProcess.of(REPORT, directory);
  }

  @Test
  void allFourVerdictsHaveACardWithTheirRatio() {
    assertTrue(card("Sluice wins").contains("×1.22 (1.20 .. 1.24)"), page);
    assertTrue(card("Level").contains("×1.00 (0.98 .. 1.02)"), page);
    assertTrue(card("Sluice loses").contains("×0.82 (0.80 .. 0.84)"), page);
    String apart = card("Not told apart");
    assertTrue(apart.contains("×1.00 (0.90 .. 1.20)"), apart);
    assertTrue(apart.contains("more JVMs (--jvms 10): the 5 there are"), apart);
    assertTrue(page.contains("and not told apart in 1."), page);
  }

  private String card(String heading) {
    Matcher card =
        Pattern.compile("<h3>" + heading + "</h3>(.*?)</div>", Pattern.DOTALL).matcher(page);
    assertTrue(card.find(), heading);
    return card.group(1);
  }

  @Test
  void theTerminalHasAllFourVerdictsAndWhatWouldTell() {
    String terminal = TerminalTable.of(REPORT);
    for (Verdict verdict : Verdict.values()) {
      String line = "AUTO against NIO, " + verdict.words() + ": file-socket/" + verdict.name();
      assertTrue(terminal.contains(line), terminal);
    }
    assertTrue(
        terminal.contains("What would tell file-socket/NOT_TOLD_APART:\n  more JVMs (--jvms 10)"),
        terminal);
    assertTrue(terminal.contains("for all: TCP_NODELAY on"), terminal);
    assertTrue(terminal.lines().allMatch(line -> line.length() <= 100), terminal);
  }

  @Test
  void theChartHasADotForEachJvmOfEachCell() {
    String chart = page.substring(page.indexOf("<svg"), page.indexOf("</svg>"));
    int dots = chart.split("fill:var\\(--faint\\);stroke:none' clip-path", -1).length - 1;
    int inTheLegend = 1;
    assertEquals(4 * 5 + inTheLegend, dots, chart);
    assertTrue(chart.contains(">one JVM</text>"), chart);
  }

  @Test
  void theTablesStartWithAutoNioAndTheBestOther() {
    String throughput = page.substring(page.indexOf("id=\"throughput\""));
    String leading = throughput.substring(0, throughput.indexOf("<details"));
    assertTrue(leading.contains("<td>NIO transferTo</td>"), leading);
    assertTrue(leading.contains("<td>Sluice AUTO</td>"), leading);
    assertTrue(leading.contains("<td>C sendfile</td>"), leading);
    assertFalse(leading.contains("<td>Netty</td>"), leading);
    assertFalse(leading.contains("<td>Sluice SPLICE</td>"), leading);
    String rest = throughput.substring(throughput.indexOf("<details"));
    assertTrue(rest.contains("<td>Netty</td>"), rest);
  }

  @Test
  void whatTheFarEndLimitedIsMarked() {
    assertTrue(page.contains("class=\"number limited\""), page);
    assertTrue(page.contains("so that it set the speed of: C sendfile"), page);
  }

  @Test
  void theConditionsAndTheFactsAreThere() {
    assertTrue(page.contains("for all contenders TCP_NODELAY on"), page);
    assertTrue(page.contains("CONFIG_TICK_CPU_ACCOUNTING"), page);
    assertTrue(page.contains("in 5 fresh JVMs"), page);
    assertTrue(page.contains("The first call"), page);
  }

  @Test
  void severalJdksStandSideBySide() throws Exception {
    Run run = REPORT.runs().get(0);
    Run older =
        new Run(
            new Run.Jdk("17.0.15+6", "somebody", "a VM", "/jdk17", List.of()),
            run.library(),
            run.jvms(),
            run.systemCalls(),
            run.firstCalls(),
            run.cells().subList(0, 2),
            run.mechanisms());
    Report both =
        new Report(
            REPORT.format(),
            REPORT.created(),
            true,
            REPORT.settings(),
            REPORT.machine(),
            List.of(older, run));
    String text = PageProcess.of(both, directory);
    assertTrue(text.contains(">Java 17</th>"), text);
    assertTrue(text.contains(">Java 25</th>"), text);
    String row = text.substring(text.indexOf("<td>file-socket/WIN</td>"));
    row = row.substring(0, row.indexOf("</tr>"));
    assertEquals(2, row.split("WIN ×", -1).length - 1, row);
  }

  @Test
  void aRunOfNothingHasAPage() throws Exception {
    Report nothing =
        new Report(
            REPORT.format(),
            REPORT.created(),
            false,
            REPORT.settings(),
            REPORT.machine(),
            List.of());
    assertFalse(nothing.sound());
    assertTrue(PageProcess.of(nothing, directory).contains("was interrupted"));
    assertTrue(TerminalTable.of(nothing).contains("INTERRUPTED"));
  }
}

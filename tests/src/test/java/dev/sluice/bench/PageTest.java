package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page of a fresh run on a tiny file, as a person sees it in a browser. */
@Tag("any-jdk")
class PageTest {
  private static final int FILE_BYTES = 100_000;
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  @TempDir static Path directory;

  private static CompareProcess compare;
  private static ChromeDriver browser;

  @BeforeAll
  static void measure() throws Exception {
    Path file = CompareProcess.file(directory, FILE_BYTES);
    compare =
        CompareProcess.start(
            directory,
            "--file",
            file.toString(),
            "--only",
            "file-socket/512B,file-socket/4KiB,file-socket/64KiB/8,file-file/4KiB,file-file/64KiB,"
                + "socket-file/4KiB,map-read/4KiB,textbook,first-call",
            "--seconds",
            "0.1",
            "--jvms",
            "1");
    assertEquals(0, compare.status(), compare.err());
    if (Files.isExecutable(DRIVER) && Files.isExecutable(BROWSER)) {
      browser = browser();
    }
  }

  @AfterAll
  static void close() {
    if (compare == null) {
      return;
    }
    if (browser != null) {
      browser.quit();
    }
    compare.close();
  }

  private static ChromeDriver browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(), options);
  }

  @Test
  void theJsonOfARunIsWhatTheSchemaSays() throws IOException {
    assertEquals(Set.of(), ReportTest.violations(compare.json()));
  }

  @Test
  void thePageAndTheTerminalTellTheSameFigures() throws IOException {
    Report report = JsonReport.read(compare.json());
    String terminal = compare.out();
    String page = Files.readString(compare.page());
    Pattern figure = Pattern.compile("\\d+\\.\\d{2,3}");
    Set<String> onTerminal =
        terminal
            .lines()
            .filter(line -> line.matches(".*\\b(NIO|Sluice|C|FFM|Netty) .*"))
            .flatMap(line -> figure.matcher(line).results())
            .map(match -> match.group())
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(onTerminal.size() > 50, terminal);
    for (String each : onTerminal) {
      assertTrue(page.contains(each), each + " is on the terminal only");
    }
    for (CellResult cell : report.runs().get(0).cells()) {
      assertTrue(page.contains("--only " + cell.id() + " "), cell.id());
    }
  }

  @Test
  void itNeedsNoNetworkAndNoScriptToBeRead() throws IOException {
    String page = Files.readString(compare.page());
    assertFalse(page.matches("(?s).*\\b(src|href)=\"(http|//|file).*"), "it loads something");
    String withoutScripts = page.replaceAll("(?s)<script>.*?</script>", "");
    assertTrue(withoutScripts.contains("Sluice is faster than NIO in"));
    assertTrue(withoutScripts.contains("</svg>"));
    assertTrue(withoutScripts.contains("</table>"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, 400})
  void everyChartIsThereAndNothingIsWiderThanTheWindow(int width) throws IOException {
    open(width);
    Path shots = Files.createDirectories(Path.of("build", "reports", "page"));
    Files.write(
        shots.resolve("page-" + Runtime.version().feature() + "-" + width + ".png"),
        browser.getScreenshotAs(OutputType.BYTES));
    List<String> charts = new ArrayList<>();
    for (WebElement chart : browser.findElements(By.cssSelector("svg.chart"))) {
      charts.add(chart.getDomAttribute("id").replaceFirst("chart-\\d+-", ""));
      assertTrue(chart.getSize().getWidth() > 300, chart.getDomAttribute("id"));
      assertTrue(chart.getSize().getHeight() > 60, chart.getDomAttribute("id"));
      assertFalse(chart.findElements(By.cssSelector("path, line, ellipse")).isEmpty());
      assertFalse(chart.getDomAttribute("aria-label").isEmpty());
    }
    assertEquals(
        List.of(
            "verdict",
            "speed-file-socket",
            "speed-file-file",
            "speed-socket-file",
            "speed-map-read",
            "cpu-file-socket",
            "machine-file-socket",
            "cpu-file-file",
            "cpu-socket-file",
            "machine-socket-file",
            "cpu-map-read",
            "calls"),
        charts);
    assertEquals(
        0L,
        browser.executeScript(
            "const page = document.documentElement; return page.scrollWidth - page.clientWidth"),
        "the page is wider than the window");
    assertEquals(List.of(), browser.manage().logs().get(LogType.BROWSER).getAll());
  }

  @Test
  void aTableIsSortedByTheColumnThatIsClicked() {
    open(1280);
    WebElement table = browser.findElement(By.cssSelector("#throughput table.sortable"));
    WebElement speed = table.findElements(By.tagName("th")).get(2);
    List<Double> asWritten = column(table, 3);
    speed.click();
    List<Double> sorted = column(table, 3);
    assertEquals(asWritten.stream().sorted((a, b) -> Double.compare(b, a)).toList(), sorted);
    assertEquals("descending", speed.getDomAttribute("aria-sort"));
    speed.click();
    assertEquals(asWritten.stream().sorted().toList(), column(table, 3));
    assertNotEquals(asWritten, sorted);
  }

  @Test
  void aFigureLeadsToTheCommandThatMeasuresItAgain() {
    open(1280);
    browser.findElement(By.cssSelector("#throughput a.figure")).click();
    WebElement command = browser.findElement(By.cssSelector(".command:target"));
    assertTrue(command.isDisplayed());
    assertTrue(command.getText().contains("./gradlew compare"), command.getText());
    assertTrue(command.getText().contains("--only file-socket/512B"), command.getText());
  }

  @Test
  void itIsDarkWhereTheReaderWantsItDark() {
    assertNotEquals(background("light"), background("dark"));
  }

  private String background(String scheme) {
    Map<String, Object> media = new HashMap<>();
    media.put("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme)));
    open(1280);
    browser.executeCdpCommand("Emulation.setEmulatedMedia", media);
    return browser.findElement(By.tagName("body")).getCssValue("background-color");
  }

  private static List<Double> column(WebElement table, int number) {
    return table.findElements(By.cssSelector("tbody td:nth-child(" + number + ")")).stream()
        .map(cell -> Double.valueOf(cell.getDomAttribute("data-value")))
        .toList();
  }

  private static void open(int width) {
    assumeTrue(browser != null, "needs " + BROWSER + " and " + DRIVER);
    Map<String, Object> metrics = new HashMap<>();
    metrics.put("width", width);
    metrics.put("height", 900);
    metrics.put("deviceScaleFactor", 1);
    metrics.put("mobile", false);
    browser.executeCdpCommand("Emulation.setDeviceMetricsOverride", metrics);
    browser.get(compare.page().toUri().toString());
  }
}

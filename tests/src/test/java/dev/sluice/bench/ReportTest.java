package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.sluice.bench.page.TextbookFigure;
import dev.sluice.bench.page.TextbookFigures;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model of a result: its verdicts, its figures, its JSON and the schema of that. */
@Tag("any-jdk")
class ReportTest {
  @TempDir Path directory;

  private final Report report =
      Reports.of(
          Reports.cell(
              "file-socket/4KiB",
              Verdict.WIN,
              Reports.contender("NIO transferTo", Role.NIO, Reports.interval(1, 1.1, 1.2)),
              Reports.contender("Sluice AUTO", Role.AUTO, Reports.interval(2, 2.1, 2.2)),
              Reports.failing("Sluice SPLICE")));

  @Test
  void whatFailedMakesTheReportUnsound() {
    assertFalse(report.sound());
    CellResult sound =
        Reports.cell(
            "a/b",
            null,
            Reports.contender("Sluice AUTO", Role.AUTO, Reports.interval(2, 2.1, 2.2)));
    assertTrue(Reports.of(sound).sound());
  }

  @Test
  void figuresOfTheTextbookAreForAMebibyteWithTheirInterval() {
    List<SystemCall> calls =
        List.of(new SystemCall("sendfile", 2, 2 << 20), new SystemCall("fstat", 2, 0));
    Seen seen = Reports.seen(Reports.interval(4, 4, 6), calls, 0L);
    assertEquals(16, seen.computedModeSwitches());
    TextbookFigures figures = TextbookFigures.of(row(seen));
    assertEquals(new TextbookFigure(2.0, "2.0", "2.0..3.0"), figures.calls());
    assertEquals(new TextbookFigure(8.0, "8.0", ""), figures.modeSwitches());
    assertEquals(new TextbookFigure(10.0, "10", "9..11"), figures.systemMicros());
    assertEquals(new TextbookFigure(2.0, "2.0", ""), figures.faults());
    Seen untraced = Reports.seen(null, null, null);
    assertNull(untraced.computedModeSwitches());
    assertEquals("-", TextbookFigures.of(row(untraced)).calls().shown());
    assertNull(TextbookFigures.of(row(untraced)).modeSwitches().value());
  }

  private static MechanismResult row(Seen seen) {
    return new MechanismResult(
        "file-socket",
        "file to socket",
        "Sluice SENDFILE",
        Role.MECHANISM,
        null,
        Outcome.MEASURED,
        null,
        seen,
        List.of());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    assertEquals(report, JsonReport.read(JsonReport.write(report, directory)));
  }

  @Test
  void theJsonIsWhatTheSchemaSays() throws IOException {
    assertEquals(Set.of(), violations(JsonReport.write(report, directory)));
  }

  @Test
  void theSchemaNoticesAnotherFormat() throws IOException {
    Path file = JsonReport.write(report, directory);
    ObjectMapper mapper = new ObjectMapper();
    for (String field : List.of("format", "runs", "complete")) {
      ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
      json.put(field, "something else");
      assertFalse(schema().validate(json).isEmpty(), field);
    }
  }

  static Set<ValidationMessage> violations(Path json) throws IOException {
    JsonNode node = new ObjectMapper().readTree(json.toFile());
    return schema().validate(node);
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(projectFile("docs/compare.schema.json")));
  }

  /** The tests run in the project's directory or in one below it. */
  private static Path projectFile(String name) {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(name))) {
      folder = folder.getParent();
    }
    return folder.resolve(name);
  }
}

package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.Interval;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.terminal.ReportDiff;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code --diff} tells of the report of a real run on a busy machine, whose speeds somebody
 * changed. The rounds of the report were left out. A speed whose interval is wider than a factor of
 * two is left out as well: no half of it is told from its noise.
 */
@Tag("any-jdk")
class DiffOfARunTest {
  private static final Set<Role> SLUICE = EnumSet.of(Role.AUTO, Role.MECHANISM);
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);

  @TempDir Path directory;
  private String json;
  private Report before;

  @BeforeEach
  void read() throws IOException {
    try (InputStream stream = DiffOfARunTest.class.getResourceAsStream("real-run.json")) {
      json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    before = report(json);
  }

  @Test
  void halvedSpeedsOfSluiceAreEachTold() throws IOException {
    assertOnlySluiceMoved(diff(SLUICE, 0.5));
  }

  @Test
  void doubledSpeedsOfSluiceAreEachTold() throws IOException {
    assertOnlySluiceMoved(diff(SLUICE, 2));
  }

  private void assertOnlySluiceMoved(String diff) {
    Set<String> moved = DiffLines.moved(diff);
    Set<String> expected = speeds(SLUICE);
    assertTrue(expected.size() > 15, expected.toString());
    assertTrue(moved.containsAll(expected), diff);
    assertTrue(moved.stream().allMatch(each -> each.contains(" Sluice")), diff);
    assertFalse(diff.contains("the machine"), diff);
  }

  @Test
  void aMachineThatIsHalfAsFastMovesNothing() throws IOException {
    String diff = diff(ALL, 0.5);
    assertTrue(diff.contains(" 0 moved beyond noise"), diff);
    assertTrue(diff.contains("the machine: NIO, loop, C"), diff);
  }

  @Test
  void aMachineThatIsTwiceAsFastMovesNothing() throws IOException {
    assertTrue(diff(ALL, 2).contains(" 0 moved beyond noise"));
  }

  private String diff(Set<Role> roles, double times) throws IOException {
    JsonObject changed = JsonParser.parseString(json).getAsJsonObject();
    for (JsonElement run : changed.getAsJsonArray("runs")) {
      for (JsonElement cell : run.getAsJsonObject().getAsJsonArray("cells")) {
        for (JsonElement each : cell.getAsJsonObject().getAsJsonArray("contenders")) {
          JsonObject contender = each.getAsJsonObject();
          JsonElement speed = contender.get("gigabytesPerSecond");
          if (speed.isJsonNull()
              || !roles.contains(Role.valueOf(contender.get("role").getAsString()))) {
            continue;
          }
          scale(speed.getAsJsonObject(), times);
        }
      }
    }
    return ReportDiff.of(before, report(changed.toString()));
  }

  private static void scale(JsonObject interval, double times) {
    for (String end : Set.of("low", "median", "high")) {
      interval.addProperty(end, interval.get(end).getAsDouble() * times);
    }
  }

  private Report report(String text) throws IOException {
    return JsonReport.read(Files.writeString(directory.resolve("report.json"), text));
  }

  /** The speeds in these roles, each as its cell and its contender. */
  private Set<String> speeds(Set<Role> roles) {
    Set<String> speeds = new TreeSet<>();
    for (CellResult cell : before.runs().get(0).cells()) {
      cell.contenders().stream()
          .filter(ContenderResult::measured)
          .filter(each -> roles.contains(each.role()) && isKnown(each.gigabytesPerSecond()))
          .forEach(each -> speeds.add(cell.id() + " " + each.name()));
    }
    return speeds;
  }

  private static boolean isKnown(Interval speed) {
    return speed.high() <= 2 * speed.low();
  }
}

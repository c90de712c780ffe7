package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.ContenderResult;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.sluice.OtherSluice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another build of Sluice in the comparison. */
@Tag("any-jdk")
class OtherSluiceTest {
  @TempDir Path directory;

  private Path jar() throws Exception {
    Path own = Path.of(Sluice.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return Files.copy(own, directory.resolve("older.jar"));
  }

  private static Class<?> sluiceOf(Object linked) throws ClassNotFoundException {
    return Class.forName(Sluice.class.getName(), false, linked.getClass().getClassLoader());
  }

  @Test
  void everyLoopIsLinkedToTheOtherJarAndOfAClassOfItsOwn() throws Exception {
    Path jar = jar();
    OtherSluice other = new OtherSluice(jar);
    Loop first = other.transferTo().get();
    Loop second = other.transferTo().get();
    assertNotSame(first.getClass(), second.getClass());
    for (Object linked :
        List.of(first, second, other.transferFrom().get(), other.transfer().get(), other.copy())) {
      Class<?> sluice = sluiceOf(linked);
      assertNotSame(Sluice.class, sluice);
      assertEquals(jar.toUri().toURL(), sluice.getProtectionDomain().getCodeSource().getLocation());
    }
  }

  @Test
  void itTakesPartWithItsBytesVerifiedAndAVerdict() throws Exception {
    Path jar = jar();
    Path file = CompareProcess.file(directory, 300_000);
    String cells = "file-file/4KiB,socket-file/64KiB,copy/whole,map-read/4KiB";
    try (CompareProcess compare =
        CompareProcess.start(
            directory,
            "--file",
            file.toString(),
            "--only",
            cells,
            "--seconds",
            "0.5",
            "--jvms",
            "3",
            "--against",
            jar.toString())) {
      assertEquals(0, compare.status(), compare.err());
      assertEquals(Set.of(), ReportTest.violations(compare.json()));
      Report report = JsonReport.read(compare.json());
      assertEquals(jar.toString(), report.settings().against());
      for (CellResult cell : report.runs().get(0).cells()) {
        List<ContenderResult> others =
            cell.contenders().stream().filter(each -> each.role() == Role.AGAINST).toList();
        if (cell.directionId().equals("map-read")) {
          assertEquals(List.of(), others);
          continue;
        }
        assertEquals(List.of("AUTO of older.jar"), names(others.stream()));
        assertEquals(Outcome.MEASURED, others.get(0).outcome(), others.get(0).reason());
        assertEquals(cell.sha256(), others.get(0).sha256());
        Comparison comparison = cell.toAgainst();
        assertEquals("AUTO of older.jar", comparison.against());
        assertEquals(3, comparison.byJvm().size());
        assertTrue(cell.comparisons().contains(comparison));
      }
      assertTrue(compare.out().contains("AUTO / AUTO of older.jar"), compare.out());
      assertTrue(Files.readString(compare.page()).contains("AUTO of older.jar"));
    }
  }

  private static List<String> names(Stream<ContenderResult> contenders) {
    return contenders.map(ContenderResult::name).toList();
  }
}

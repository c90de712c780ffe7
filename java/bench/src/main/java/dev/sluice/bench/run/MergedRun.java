package dev.sluice.bench.run;

import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.FirstCall;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The run on one JDK out of the parts that its fresh JVMs measured. */
public final class MergedRun {
  private static final String UNKNOWN = Environment.UNKNOWN;
  private static final String NO_PART = "no JVM of this JDK left a report";

  private MergedRun() {}

  /**
   * The run of all parts.
   *
   * @param home the directory of the JDK, for a run whose JVMs all ended without a part
   * @param parts in the order of the JVMs
   */
  public static Run of(String home, List<RunPart> parts, List<FirstCall> firstCalls) {
    List<Run.Jvm> jvms = new ArrayList<>();
    Map<String, List<MergedCell.Part>> cells = new LinkedHashMap<>();
    List<MechanismResult> mechanisms = new ArrayList<>();
    Run first = null;
    for (RunPart part : parts) {
      List<String> order = part.run() == null ? List.of() : part.run().jvms().get(0).cells();
      jvms.add(new Run.Jvm(part.jvm(), order, part.failure()));
      if (part.run() == null) {
        continue;
      }
      first = first == null ? part.run() : first;
      mechanisms.addAll(part.run().mechanisms());
      for (CellResult cell : part.run().cells()) {
        cells
            .computeIfAbsent(cell.id(), id -> new ArrayList<>())
            .add(new MergedCell.Part(part.jvm(), cell));
      }
    }
    return new Run(
        first == null ? new Run.Jdk(UNKNOWN, UNKNOWN, UNKNOWN, home, List.of()) : first.jdk(),
        first == null ? new Run.Library(false, NO_PART, NO_PART) : first.library(),
        List.copyOf(jvms),
        first == null ? NO_PART : first.systemCalls(),
        firstCalls,
        cells.values().stream().map(MergedCell::of).toList(),
        List.copyOf(mechanisms));
  }
}

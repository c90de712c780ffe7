package dev.sluice.bench.page;

import dev.sluice.bench.report.Role;
import dev.sluice.bench.report.Verdict;
import java.awt.Color;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The colours of a chart. A chart is drawn in colours that are never shown. Each stands for a
 * variable of the page's style sheet, which has values for light, dark and paper.
 */
final class ChartColors {
  private static final Map<String, String> VARIABLES = new LinkedHashMap<>();
  static final Color INK = named("ink");
  static final Color FAINT = named("faint");
  static final Color GRID = named("line");
  static final Color BAND = named("band");
  private static final Map<Role, Color> ROLES = new EnumMap<>(Role.class);
  private static final Map<Verdict, Color> VERDICTS = new EnumMap<>(Verdict.class);

  static {
    for (Role role : Role.values()) {
      ROLES.put(role, named("role-" + role.name().toLowerCase(Locale.ROOT)));
    }
    for (Verdict verdict : Verdict.values()) {
      VERDICTS.put(
          verdict, named("verdict-" + verdict.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
  }

  private ChartColors() {}

  static Color of(Role role) {
    return ROLES.get(role);
  }

  static Color of(Verdict verdict) {
    return VERDICTS.get(verdict);
  }

  /** The chart in the page's own colours. */
  static String inVariables(String svg) {
    String coloured = svg;
    for (Map.Entry<String, String> each : VARIABLES.entrySet()) {
      coloured = coloured.replace(each.getKey(), "var(--" + each.getValue() + ")");
    }
    return coloured;
  }

  private static Color named(String variable) {
    int number = VARIABLES.size() + 1;
    VARIABLES.put("rgb(1," + number + ",251)", variable);
    return new Color(1, number, 251);
  }
}

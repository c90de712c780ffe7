package dev.sluice.bench.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A report of {@code guardsReport}, which may have been run before.
 *
 * @param java the JDK's version
 * @param cases the number of all cases
 * @param hanging the cases that NIO does not end
 * @param hangingHere the number of cases that Sluice does not end
 */
record GuardsReport(String java, int cases, List<Hang> hanging, int hangingHere) {

  /** A case that hangs. */
  record Hang(String transfer, String act, String thread, boolean actorToo, String sluice) {}

  /** The reports in a directory. */
  static List<GuardsReport> in(Path directory) throws IOException {
    List<GuardsReport> all = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "guards-*.json")) {
        for (Path file : files) {
          try {
            all.add(of(file));
          } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            // A report of another version or another program counts as missing.
            continue;
          }
        }
      }
    }
    return all;
  }

  private static GuardsReport of(Path file) throws IOException {
    String name = file.getFileName().toString();
    JsonObject report = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    List<Hang> hanging = new ArrayList<>();
    int cases = 0;
    int hangingHere = 0;
    for (JsonElement each : report.getAsJsonArray("rows")) {
      JsonObject row = each.getAsJsonObject();
      JsonObject sluice = row.getAsJsonObject("sluice");
      cases++;
      hangingHere += hangs(sluice) ? 1 : 0;
      if (row.has("nio") && row.get("nio").isJsonObject() && hangs(row.getAsJsonObject("nio"))) {
        JsonObject guardCase = row.getAsJsonObject("guardCase");
        hanging.add(
            new Hang(
                words(guardCase, "flow"),
                words(guardCase, "act"),
                words(guardCase, "carried"),
                millis(row.getAsJsonObject("nio"), "actorMillis") < 0,
                hangs(sluice)
                    ? "hangs"
                    : "ends after " + millis(sluice, "transferMillis") + " ms"));
      }
    }
    return new GuardsReport(name.replaceAll("\\D", ""), cases, hanging, hangingHere);
  }

  private static boolean hangs(JsonObject outcome) {
    return millis(outcome, "transferMillis") < 0 || millis(outcome, "actorMillis") < 0;
  }

  private static long millis(JsonObject outcome, String field) {
    return outcome.get(field).getAsLong();
  }

  private static String words(JsonObject guardCase, String field) {
    return guardCase.get(field).getAsString().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

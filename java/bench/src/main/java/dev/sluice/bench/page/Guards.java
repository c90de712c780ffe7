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
 * What {@code guardsReport} found, where it has been run.
 *
 * @param java the JDK's version
 * @param cases how many there were
 * @param hanging those that NIO does not end
 * @param hangingHere how many Sluice does not end
 */
record Guards(String java, int cases, List<Hang> hanging, int hangingHere) {

  /** A case that hangs. */
  record Hang(String transfer, String act, String thread, boolean actorToo, String sluice) {}

  /** The reports in a directory. */
  static List<Guards> in(Path directory) throws IOException {
    List<Guards> all = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "guards-*.json")) {
        for (Path file : files) {
          try {
            all.add(of(file));
          } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            // Of another time or another program: it is as if it were not there.
            continue;
          }
        }
      }
    }
    return all;
  }

  private static Guards of(Path file) throws IOException {
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
    return new Guards(name.replaceAll("\\D", ""), cases, hanging, hangingHere);
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

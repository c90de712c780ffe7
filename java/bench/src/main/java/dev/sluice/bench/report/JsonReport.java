package dev.sluice.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The report as JSON. It has every raw round, so that anybody can do the statistics again. */
public final class JsonReport {
  public static final String FILE_NAME = "compare.json";

  /** Writes a figure that was not measured as null. */
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private JsonReport() {}

  public static Path write(Report report, Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    writeTo(report, file);
    return file;
  }

  public static void writeTo(Report report, Path file) throws IOException {
    Files.writeString(file, GSON.toJson(report));
  }

  public static Report read(Path file) throws IOException {
    return GSON.fromJson(Files.readString(file), Report.class);
  }
}

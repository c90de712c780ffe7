package dev.sluice.bench;

import com.google.gson.JsonParseException;
import dev.sluice.bench.cell.Matrix;
import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.report.JsonReport;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.run.FirstCalls;
import dev.sluice.bench.textbook.TextbookTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.ZipFile;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The checks of what the command line says. What is wrong is told in one line, and status 2. */
final class ArgumentChecks {
  /** What {@code --only} knows beside the cells. */
  private static final List<String> OTHERS = List.of(TextbookTable.NAME, FirstCalls.NAME);

  private final CommandLine command;

  ArgumentChecks(CommandLine command) {
    this.command = command;
  }

  /** The names of {@code --only} are known. */
  void only(List<String> only) {
    for (String name : only) {
      if (!OTHERS.contains(name) && !Matrix.isKnown(name)) {
        throw wrong(
            "--only does not know '"
                + name
                + "', only "
                + Matrix.vocabulary()
                + ", "
                + String.join(", ", OTHERS));
      }
    }
  }

  /** Each directory of {@code --jdk} holds a JDK. */
  void jdks(List<Path> jdks) {
    for (Path jdk : jdks) {
      if (!Files.isExecutable(JavaProcess.executable(jdk))) {
        throw wrong("--jdk: " + jdk + " has no bin/java");
      }
    }
  }

  /**
   * The file of {@code --against} is a jar of Sluice.
   *
   * @param jar null where none was given
   */
  void against(Path jar) {
    if (jar == null) {
      return;
    }
    try (ZipFile file = new ZipFile(jar.toFile())) {
      if (file.getEntry("dev/sluice/Sluice.class") == null) {
        throw wrong("--against: " + jar + " is no jar of Sluice");
      }
    } catch (NoSuchFileException e) {
      throw wrong("--against: " + jar + " does not exist");
    } catch (IOException e) {
      throw wrong("--against: " + jar + " is no jar: " + oneLine(e));
    }
  }

  /**
   * The number of {@code --jvms} is one.
   *
   * @param jvms null where none was given
   */
  void jvms(Integer jvms) {
    if (jvms != null && jvms < 1) {
      throw wrong("--jvms must be 1 or more, not " + jvms);
    }
  }

  /**
   * The time of {@code --seconds} is a time.
   *
   * @param seconds null where none was given
   */
  void seconds(Double seconds) {
    if (seconds != null && !(seconds > 0)) {
      throw wrong("--seconds must be more than 0, not " + seconds);
    }
  }

  /** The file can be read and is not empty: how long it is. */
  long fileBytes(Path file) {
    if (Files.isDirectory(file)) {
      throw wrong(file + " is a directory, not a file");
    }
    // Before it is opened, which for a FIFO means to wait for a writer.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw wrong(file + " is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() == 0) {
        throw wrong(file + " is empty");
      }
      return channel.size();
    } catch (NoSuchFileException e) {
      throw wrong(file + " does not exist");
    } catch (IOException e) {
      throw wrong(file + " cannot be read: " + e.getMessage());
    }
  }

  /** The directory exists, and has room for what is written there. */
  void directory(Path directory, long needed) {
    try {
      Files.createDirectories(directory);
      if (directory.toFile().getUsableSpace() < needed) {
        throw wrong(directory + " has no room for the " + needed + " bytes that are written there");
      }
    } catch (IOException e) {
      throw wrong(directory + " cannot be written: " + e);
    }
  }

  /** The file is a report of this format: the report. */
  Report report(Path json) {
    try {
      Report report = JsonReport.read(json);
      if (report == null || report.format() != Report.FORMAT) {
        throw wrong(
            json
                + " is no report of format "
                + Report.FORMAT
                + (report == null ? "" : ", but of " + report.format()));
      }
      return report;
    } catch (NoSuchFileException e) {
      throw wrong(json + " does not exist");
    } catch (IOException | JsonParseException e) {
      throw wrong(json + " cannot be read: " + oneLine(e));
    }
  }

  ParameterException wrong(String message) {
    return new ParameterException(command, message);
  }

  /** The first line of what an exception says. */
  static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}

package dev.sluice.tests.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** Runs something while a recording asks for an event of each transfer. */
final class Recorded {
  private Recorded() {}

  interface Body {
    void run() throws Exception;
  }

  /** Runs a body, and counts the events of transfers. */
  static long events(Path folder, Body body) throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("dev.sluice.Transfer");
      recording.start();
      body.run();
      Path file = Files.createTempDirectory(folder, "events").resolve("events.jfr");
      recording.dump(file);
      return count(file);
    }
  }

  private static long count(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.sluice.Transfer"))
        .count();
  }
}

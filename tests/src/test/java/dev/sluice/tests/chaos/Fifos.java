package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Named pipes, made once: a process for each would take longer than a scenario. */
final class Fifos {
  private static final int NUMBER = 32;

  private final BlockingQueue<Path> free = new LinkedBlockingQueue<>();

  Fifos(Path directory) throws IOException {
    List<String> command = new ArrayList<>(List.of("mkfifo"));
    for (int i = 0; i < NUMBER; i++) {
      Path path = directory.resolve("fifo" + i);
      free.add(path);
      command.add(path.toString());
    }
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException("mkfifo failed");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  Path take() throws IOException {
    Path path = free.poll();
    if (path == null) {
      throw new IOException("all named pipes are in use");
    }
    return path;
  }

  /** Nobody has it open any more, so that it is empty. */
  void give(Path path) {
    free.add(path);
  }
}

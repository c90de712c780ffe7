package dev.sluice.bench.c;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;

/**
 * The program {@code cp}, which looks for holes by itself. The start of its process is part of its
 * time.
 */
final class CopyProgram implements Loop {
  private final boolean directories;

  /**
   * A start of the program.
   *
   * @param directories whether the files of one directory go to another, which exists
   */
  CopyProgram(boolean directories) {
    this.directories = directories;
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    String target = channels.targetPath().toString();
    List<String> command =
        directories
            ? List.of("cp", "-r", channels.sourcePath().resolve(".").toString(), target)
            : List.of("cp", channels.sourcePath().toString(), target);
    Process cp = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      int status = cp.waitFor();
      if (status != 0) {
        throw new IOException("cp ended with status " + status);
      }
    } catch (InterruptedException e) {
      cp.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while cp ran");
    }
  }
}

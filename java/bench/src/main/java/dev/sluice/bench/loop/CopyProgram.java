package dev.sluice.bench.loop;

import java.io.IOException;
import java.io.InterruptedIOException;

/** The program {@code cp}, which looks for holes by itself: its start is part of what it costs. */
final class CopyProgram implements Loop {
  @Override
  public void run(Ends ends, long region, long piece) throws IOException {
    Process cp =
        new ProcessBuilder("cp", ends.sourcePath().toString(), ends.targetPath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
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

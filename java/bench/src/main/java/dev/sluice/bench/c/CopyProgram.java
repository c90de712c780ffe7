package dev.sluice.bench.c;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * The program {@code cp}, which looks for holes by itself. The start of its process is part of its
 * time.
 */
final class CopyProgram implements Loop {
  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    Process cp =
        new ProcessBuilder("cp", channels.sourcePath().toString(), channels.targetPath().toString())
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

package dev.sluice.bench.process;

import java.util.concurrent.TimeUnit;

/** The end of a process that has been told to end. */
public final class ProcessEnd {
  private ProcessEnd() {}

  /** Waits for a process, and kills it if it takes too long or the thread is interrupted. */
  public static void within(long seconds, Process process) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package dev.sluice.bench;

import dev.sluice.bench.report.Run;
import dev.sluice.bench.run.FirstCalls;
import dev.sluice.bench.run.JvmProcess;
import dev.sluice.bench.run.MergedRun;
import dev.sluice.bench.run.RunPart;
import dev.sluice.bench.terminal.Progress;
import dev.sluice.bench.terminal.ProgressLines;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The fresh JVMs of a run, one after the other, and what they have measured so far. With several
 * JDKs each JDK has its first JVM before any has its second, so that a machine that changes
 * meanwhile changes for all.
 */
final class FreshJvms {
  private static final long MILLIS_TO_END = 15_000;

  private final PartCommand command;
  private final PrintStream err;
  private final List<Jdk> jdks;
  private JvmProcess current;
  private boolean ended;

  /**
   * JVMs that have not been started.
   *
   * @param homes the directories of the JDKs
   * @param command what each JVM is told
   * @param err where what a JVM prints beside its progress goes
   */
  FreshJvms(List<Path> homes, PartCommand command, PrintStream err) {
    this.command = command;
    this.err = err;
    this.jdks =
        homes.stream()
            .map(
                home ->
                    new Jdk(
                        home,
                        new FirstCalls(home, command.file(), command.directory()),
                        new ArrayList<>()))
            .toList();
  }

  /** A JDK, and what its JVMs have measured so far. */
  private record Jdk(Path home, FirstCalls firstCalls, List<RunPart> parts) {}

  /**
   * Runs all JVMs.
   *
   * @param cells the steps of the progress that each JVM takes
   * @param more the steps that the first JVM of each JDK takes beside these
   * @return whether none of them was told to end
   */
  boolean run(Progress progress, int cells, int more, boolean withFirstCalls) throws IOException {
    int steps = 0;
    for (int jvm = 1; jvm <= command.jvms(); jvm++) {
      for (Jdk jdk : jdks) {
        if (withFirstCalls) {
          jdk.firstCalls().measure();
        }
        if (!start(jvm, jdk)) {
          return false;
        }
        follow(jdk, prefix(jvm, jdk), progress);
        steps += cells + (jvm == 1 ? more : 0);
        progress.skipTo(steps);
      }
    }
    return !isEnded();
  }

  private String prefix(int jvm, Jdk jdk) {
    String home = jdks.size() > 1 ? jdk.home().getFileName() + ", " : "";
    return home + "JVM " + jvm + "/" + command.jvms() + ": ";
  }

  /** Starts a JVM, unless all were told to end. */
  private synchronized boolean start(int jvm, Jdk jdk) throws IOException {
    if (!ended) {
      current =
          JvmProcess.start(
              jvm, jdk.home(), Compare.class.getName(), command.arguments(jvm), command.report());
    }
    return !ended;
  }

  private void follow(Jdk jdk, String prefix, Progress progress) throws IOException {
    try {
      current.follow(
          line -> {
            if (!ProgressLines.pass(line, prefix, progress)) {
              err.println(line);
            }
          });
      add(jdk, current.part());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a JVM ran");
    } finally {
      synchronized (this) {
        current = null;
        notifyAll();
      }
    }
  }

  private synchronized void add(Jdk jdk, RunPart part) {
    jdk.parts().add(ended ? new RunPart(part.jvm(), part.run(), null) : part);
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  /** Ends the JVM that runs, and waits for what it leaves. No other is started. */
  void end() {
    JvmProcess running;
    synchronized (this) {
      ended = true;
      running = current;
    }
    if (running != null) {
      running.end();
      awaitTheLast();
    }
  }

  private synchronized void awaitTheLast() {
    long end = System.currentTimeMillis() + MILLIS_TO_END;
    try {
      while (current != null && System.currentTimeMillis() < end) {
        wait(MILLIS_TO_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The runs of the JDKs, out of what their JVMs have left so far. */
  synchronized List<Run> runs() {
    return jdks.stream()
        .filter(jdk -> !jdk.parts().isEmpty())
        .map(jdk -> MergedRun.of(jdk.home().toString(), jdk.parts(), jdk.firstCalls().result()))
        .toList();
  }
}

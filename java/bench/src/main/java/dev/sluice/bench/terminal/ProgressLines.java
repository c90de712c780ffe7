package dev.sluice.bench.terminal;

import java.io.PrintStream;

/**
 * The progress of a JVM that measures a part, as lines that the process above reads: the title of a
 * cell, or the percent of it that is done.
 */
public final class ProgressLines implements Progress {
  private static final String CELL = "compare-cell ";
  private static final String PERCENT = "compare-percent ";

  private final PrintStream out;
  private int percent;

  /** Progress that is written to the process above. */
  public ProgressLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void cell(String title) {
    percent = 0;
    out.println(CELL + title);
  }

  @Override
  public void part(double done) {
    int now = (int) (100 * done);
    if (now > percent) {
      percent = now;
      out.println(PERCENT + now);
    }
  }

  @Override
  public void close() {}

  /**
   * Passes a line on to the progress of the whole.
   *
   * @return whether it was such a line: a JVM may print warnings of its own
   */
  public static boolean pass(String line, String prefix, Progress whole) {
    if (line.startsWith(CELL)) {
      whole.cell(prefix + line.substring(CELL.length()));
      return true;
    }
    if (line.startsWith(PERCENT)) {
      whole.part(Integer.parseInt(line.substring(PERCENT.length())) / 100.0);
      return true;
    }
    return false;
  }
}

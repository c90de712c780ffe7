package dev.sluice.bench.terminal;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far the comparison is: by a bar on a terminal, else by a line for each cell. */
public interface Progress extends AutoCloseable {
  /** A cell begins. */
  void cell(String title);

  /** The part of the cell that is done, 0 to 1. */
  void part(double done);

  /** So many cells are done, whether each of them began or not. */
  default void skipTo(int cells) {}

  @Override
  void close();

  static Progress on(PrintStream out, boolean terminal, int cells, double secondsPerCell) {
    return terminal ? new Bar(out, cells) : new Lines(out, cells, secondsPerCell);
  }

  /** A bar that is drawn over itself. */
  final class Bar implements Progress {
    private static final int STEPS_PER_CELL = 100;
    private static final int WIDTH = 100;
    private static final int MILLIS_BETWEEN_DRAWINGS = 1000;

    private final ProgressBar bar;
    private int cells;

    Bar(PrintStream out, int cells) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("compare")
              .setInitialMax((long) cells * STEPS_PER_CELL)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(MILLIS_BETWEEN_DRAWINGS)
              .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
              .build();
    }

    @Override
    public void cell(String title) {
      cells++;
      bar.setExtraMessage(title);
      part(0);
    }

    @Override
    public void skipTo(int done) {
      cells = done;
    }

    @Override
    public void part(double done) {
      bar.stepTo((cells - 1) * (long) STEPS_PER_CELL + (long) (done * STEPS_PER_CELL));
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** One line for each cell, which a log can hold as well. */
  final class Lines implements Progress {
    private final PrintStream out;
    private final int cells;
    private final double secondsPerCell;
    private long secondBegun;
    private int cell;

    Lines(PrintStream out, int cells, double secondsPerCell) {
      this.out = out;
      this.cells = cells;
      this.secondsPerCell = secondsPerCell;
    }

    @Override
    public void cell(String title) {
      long now = System.nanoTime();
      // The first cell takes longer, because classes are loaded and the file is read meanwhile.
      if (cell == 1) {
        secondBegun = now;
      }
      double each = cell <= 1 ? 0 : (now - secondBegun) / 1e9 / (cell - 1);
      long left = Math.round((cells - cell) * Math.max(secondsPerCell, each));
      cell++;
      out.printf("[%d/%d] %s (%d:%02d left)%n", cell, cells, title, left / 60, left % 60);
    }

    @Override
    public void part(double done) {}

    @Override
    public void skipTo(int done) {
      cell = done;
    }

    @Override
    public void close() {}
  }
}

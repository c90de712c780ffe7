package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.SourceFile;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.util.Map;

/**
 * One cell of the matrix: a direction, a size of the pieces, the threads that move them, a
 * condition that is not as usual, and what each connection moves in a round.
 */
public record Cell(
    Direction direction,
    PieceSize pieceSize,
    Concurrency concurrency,
    Setting setting,
    RoundSize roundSize) {
  public static Cell of(
      Direction direction, PieceSize pieceSize, Concurrency concurrency, long fileBytes) {
    return of(direction, pieceSize, concurrency, Setting.USUAL, fileBytes);
  }

  public static Cell of(
      Direction direction,
      PieceSize pieceSize,
      Concurrency concurrency,
      Setting setting,
      long fileBytes) {
    long bytes =
        setting == Setting.COLD ? Math.min(fileBytes, SourceFile.MOST_COLD_BYTES) : fileBytes;
    return new Cell(
        direction,
        pieceSize,
        concurrency,
        setting,
        direction.roundSize(pieceSize, concurrency, bytes));
  }

  /**
   * Whether each single system call is a contender. What many connections or the far end decide,
   * the other contenders tell.
   */
  boolean hasSingleCalls() {
    return concurrency == Concurrency.ALONE && setting.isOfFiles();
  }

  /** The name of the cell for {@code --only}. */
  public String id() {
    return direction.id()
        + "/"
        + pieceSize.id()
        + (concurrency == Concurrency.ALONE ? "" : "/" + concurrency.id())
        + (setting == Setting.USUAL ? "" : "/" + setting.id());
  }

  public String title() {
    return direction.title()
        + ", "
        + what()
        + (concurrency.connections() > 1 ? ", " + concurrency.connections() + " connections" : "")
        + (concurrency.isVirtual() ? ", virtual threads" : "");
  }

  /** The piece in words, and the setting, which tells the cell from the one beside it. */
  public String what() {
    return pieceSize.title() + (setting == Setting.USUAL ? "" : ", " + setting.title());
  }

  /**
   * Whether the thread that transfers does all the work at its end, so that its CPU time is that of
   * the transfer. {@code Sluice.copy} opens and copies on a native thread of its own.
   */
  public boolean oneThreadDoesAll() {
    return concurrency == Concurrency.ALONE && !direction.takesPaths();
  }

  /** What holds for every contender of the cell. */
  public Conditions applied() {
    return setting.applied(direction.usual(concurrency));
  }

  /** What holds for every contender of the cell, by name, in the order that it is told in. */
  public Map<String, String> conditions() {
    return ConditionsInWords.of(direction, applied());
  }

  /**
   * Whether the workspace has what the cell needs: the directory that it writes to, and for a cold
   * source a file system with a device below it.
   */
  public boolean isPossibleIn(Workspace workspace) {
    return direction.isPossibleIn(workspace) && (!applied().coldSource() || workspace.hasDevice());
  }

  /** Opens a fixture of the cell, over which any implementation can move the bytes. */
  public Fixture open(Workspace workspace) throws IOException {
    return direction.open(workspace, applied());
  }
}

package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.SparseCopyFixture;
import dev.sluice.bench.loop.RoundSize;
import java.util.Map;

/**
 * One cell of the matrix: a direction, a size of the pieces, the threads that move them, and what
 * each connection moves in a round.
 */
public record Cell(
    Direction direction, PieceSize pieceSize, Concurrency concurrency, RoundSize roundSize) {
  public static Cell of(
      Direction direction, PieceSize pieceSize, Concurrency concurrency, long fileBytes) {
    RoundSize roundSize =
        direction == Direction.SPARSE_COPY
            ? SparseCopyFixture.ROUND_SIZE
            : pieceSize.roundSize(fileBytes, concurrency.connections());
    return new Cell(direction, pieceSize, concurrency, roundSize);
  }

  /** The name of the cell for {@code --only}. */
  public String id() {
    return direction.id()
        + "/"
        + pieceSize.id()
        + (concurrency == Concurrency.ALONE ? "" : "/" + concurrency.id());
  }

  public String title() {
    return direction.title()
        + ", "
        + pieceSize.title()
        + (concurrency.connections() > 1 ? ", " + concurrency.connections() + " connections" : "")
        + (concurrency.isVirtual() ? ", virtual threads" : "");
  }

  /** What holds for every contender of the cell, by name, in the order that it is told in. */
  public Map<String, String> conditions() {
    return Map.of();
  }
}

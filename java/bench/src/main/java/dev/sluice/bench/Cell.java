package dev.sluice.bench;

import dev.sluice.bench.loop.RoundSize;

/**
 * One cell of the matrix: a direction, a size of the pieces, who moves them, and what each
 * connection moves in a round.
 */
record Cell(
    Direction direction, PieceSize pieceSize, Concurrency concurrency, RoundSize roundSize) {
  static Cell of(
      Direction direction, PieceSize pieceSize, Concurrency concurrency, long fileBytes) {
    RoundSize roundSize =
        direction == Direction.SPARSE_COPY
            ? SparseCopyFixture.ROUND_SIZE
            : pieceSize.roundSize(fileBytes, concurrency.connections());
    return new Cell(direction, pieceSize, concurrency, roundSize);
  }

  /** As {@code --only} names it. */
  String id() {
    return direction.id()
        + "/"
        + pieceSize.id()
        + (concurrency == Concurrency.ALONE ? "" : "/" + concurrency.id());
  }

  String title() {
    return direction.title()
        + ", "
        + pieceSize.title()
        + (concurrency.connections() > 1 ? ", " + concurrency.connections() + " connections" : "")
        + (concurrency.isVirtual() ? ", virtual threads" : "");
  }
}

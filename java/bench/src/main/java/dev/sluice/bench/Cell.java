package dev.sluice.bench;

import dev.sluice.bench.loop.Work;

/**
 * One cell of the matrix: a direction, a size of the pieces, who moves them, and what each
 * connection moves in a round.
 */
record Cell(Direction direction, Piece piece, Crew crew, Work work) {
  static Cell of(Direction direction, Piece piece, Crew crew, long fileBytes) {
    Work work =
        direction == Direction.SPARSE_COPY
            ? SparseCopyFixture.WORK
            : piece.work(fileBytes, crew.connections());
    return new Cell(direction, piece, crew, work);
  }

  /** As {@code --only} names it. */
  String id() {
    return direction.id() + "/" + piece.id() + (crew == Crew.ALONE ? "" : "/" + crew.id());
  }

  String title() {
    return direction.title()
        + ", "
        + piece.title()
        + (crew.connections() > 1 ? ", " + crew.connections() + " connections" : "")
        + (crew.isVirtual() ? ", virtual threads" : "");
  }
}

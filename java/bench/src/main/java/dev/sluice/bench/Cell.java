package dev.sluice.bench;

import dev.sluice.bench.loop.Work;

/** One cell of the matrix: a direction, a size of the pieces, and what a round of it moves. */
record Cell(Direction direction, Piece piece, Work work) {
  /** As {@code --only} names it. */
  String id() {
    return direction.id() + "/" + piece.id();
  }

  String title() {
    return direction.title() + ", " + piece.title();
  }
}

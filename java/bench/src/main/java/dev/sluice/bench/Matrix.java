package dev.sluice.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Which cells there are: every direction by every piece that the file is large enough for. */
final class Matrix {
  private Matrix() {}

  /**
   * The cells for a file of this size.
   *
   * @param only directions, pieces or whole cells by name; empty for all
   */
  static List<Cell> cells(long fileBytes, List<String> only) {
    List<Cell> cells = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (Piece piece : Piece.values()) {
        if (piece.fits(fileBytes)) {
          Cell cell = new Cell(direction, piece, piece.work(fileBytes));
          if (only.isEmpty() || only.stream().anyMatch(name -> names(cell).contains(name))) {
            cells.add(cell);
          }
        }
      }
    }
    return cells;
  }

  /** Whether {@code --only} may say this. */
  static boolean isKnown(String name) {
    return Arrays.stream(Direction.values())
        .flatMap(d -> Arrays.stream(Piece.values()).map(p -> new Cell(d, p, null)))
        .anyMatch(cell -> names(cell).contains(name));
  }

  /** What {@code --only} may say, for the message to who said something else. */
  static String vocabulary() {
    return String.join(", ", new Vocabulary());
  }

  /** The names of the directions and the pieces, as the help of {@code --only} lists them. */
  static final class Vocabulary implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(
              Arrays.stream(Direction.values()).map(Direction::id),
              Arrays.stream(Piece.values()).map(Piece::id))
          .iterator();
    }
  }

  private static List<String> names(Cell cell) {
    return List.of(cell.direction().id(), cell.piece().id(), cell.id());
  }
}

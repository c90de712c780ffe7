package dev.sluice.bench;

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
    return all(fileBytes)
        .filter(cell -> isWanted(cell, only))
        .filter(cell -> cell.piece().fits(fileBytes))
        .toList();
  }

  /** Whether {@code --only} may say this. */
  static boolean isKnown(String name) {
    return all(1).anyMatch(cell -> names(cell).contains(name));
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

  private static Stream<Cell> all(long fileBytes) {
    return Arrays.stream(Direction.values())
        .flatMap(
            direction ->
                direction == Direction.SPARSE_COPY
                    ? Stream.of(new Cell(direction, Piece.WHOLE, SparseCopy.WORK))
                    : Arrays.stream(Piece.values())
                        .map(piece -> new Cell(direction, piece, piece.work(fileBytes))));
  }

  private static boolean isWanted(Cell cell, List<String> only) {
    return only.isEmpty()
        ? !cell.direction().isOnRequest()
        : only.stream().anyMatch(name -> names(cell).contains(name));
  }

  /** That of its piece names a cell only beside others. */
  private static List<String> names(Cell cell) {
    return cell.direction().isOnRequest()
        ? List.of(cell.direction().id(), cell.id())
        : List.of(cell.direction().id(), cell.piece().id(), cell.id());
  }
}

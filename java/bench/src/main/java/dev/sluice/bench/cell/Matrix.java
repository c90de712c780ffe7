package dev.sluice.bench.cell;

import static dev.sluice.bench.cell.Concurrency.ALONE;
import static dev.sluice.bench.cell.Concurrency.EIGHT;
import static dev.sluice.bench.cell.Concurrency.SIXTY_FOUR;
import static dev.sluice.bench.cell.Concurrency.VIRTUAL_SIXTY_FOUR;
import static dev.sluice.bench.cell.Direction.COPY;
import static dev.sluice.bench.cell.Direction.FILE_FROM_FILE;
import static dev.sluice.bench.cell.Direction.FILE_TO_FILE;
import static dev.sluice.bench.cell.Direction.FILE_TO_OTHER;
import static dev.sluice.bench.cell.Direction.FILE_TO_PIPE;
import static dev.sluice.bench.cell.Direction.FILE_TO_SELECTOR;
import static dev.sluice.bench.cell.Direction.FILE_TO_SOCKET;
import static dev.sluice.bench.cell.Direction.FILE_TO_UNIX;
import static dev.sluice.bench.cell.Direction.MAP_CLOSE;
import static dev.sluice.bench.cell.Direction.MAP_READ;
import static dev.sluice.bench.cell.Direction.PIPE_TO_FILE;
import static dev.sluice.bench.cell.Direction.RESPONSE;
import static dev.sluice.bench.cell.Direction.SMALL_FILES;
import static dev.sluice.bench.cell.Direction.SOCKET_TO_FILE;
import static dev.sluice.bench.cell.Direction.SOCKET_TO_SOCKET;
import static dev.sluice.bench.cell.Direction.SPARSE_COPY;
import static dev.sluice.bench.cell.PieceSize.BYTES_512;
import static dev.sluice.bench.cell.PieceSize.KIB_4;
import static dev.sluice.bench.cell.PieceSize.KIB_64;
import static dev.sluice.bench.cell.PieceSize.MIB_1;
import static dev.sluice.bench.cell.PieceSize.WHOLE;
import static dev.sluice.bench.cell.Setting.COLD;
import static dev.sluice.bench.cell.Setting.NAGLE;
import static dev.sluice.bench.cell.Setting.NEW_FILE;
import static dev.sluice.bench.cell.Setting.ONE_CPU;
import static dev.sluice.bench.cell.Setting.OVERWRITE;
import static dev.sluice.bench.cell.Setting.PAGES;
import static dev.sluice.bench.cell.Setting.USUAL;
import static dev.sluice.bench.cell.Setting.USUAL_PIPE;
import static dev.sluice.bench.cell.Setting.WIDE_PIPE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which cells there are: directions, by concurrencies, by settings, by sizes of pieces. */
public final class Matrix {
  /** The cells of a usual run: those where the answers change, and those that show why. */
  private static final List<Row> QUICK =
      List.of(
          new Row(FILE_TO_SOCKET, ALONE, USUAL, BYTES_512, KIB_4, KIB_64, MIB_1, WHOLE),
          new Row(FILE_TO_SOCKET, ALONE, NAGLE, KIB_4),
          new Row(FILE_TO_SOCKET, ALONE, ONE_CPU, MIB_1),
          new Row(FILE_TO_SOCKET, ALONE, PAGES, KIB_64),
          new Row(FILE_TO_SOCKET, ALONE, COLD, WHOLE),
          new Row(FILE_TO_SOCKET, EIGHT, USUAL, KIB_64),
          new Row(FILE_TO_SOCKET, SIXTY_FOUR, USUAL, KIB_64),
          new Row(FILE_TO_SOCKET, VIRTUAL_SIXTY_FOUR, USUAL, KIB_64),
          new Row(FILE_TO_SELECTOR, SIXTY_FOUR, USUAL, MIB_1),
          new Row(RESPONSE, ALONE, USUAL, KIB_4, KIB_64),
          new Row(FILE_TO_UNIX, ALONE, USUAL, KIB_4, MIB_1),
          new Row(FILE_TO_FILE, ALONE, USUAL, KIB_4, KIB_64, MIB_1, WHOLE),
          new Row(FILE_TO_FILE, ALONE, NEW_FILE, KIB_4, MIB_1),
          new Row(FILE_TO_FILE, ALONE, COLD, WHOLE),
          new Row(FILE_TO_OTHER, ALONE, USUAL, MIB_1),
          new Row(FILE_FROM_FILE, ALONE, USUAL, KIB_4, MIB_1),
          new Row(SOCKET_TO_FILE, ALONE, USUAL, KIB_4, KIB_64, MIB_1),
          new Row(SOCKET_TO_FILE, ALONE, PAGES, KIB_64),
          new Row(SOCKET_TO_SOCKET, ALONE, USUAL, KIB_64, MIB_1),
          new Row(SOCKET_TO_SOCKET, ALONE, PAGES, MIB_1),
          new Row(FILE_TO_PIPE, ALONE, USUAL, KIB_64, MIB_1),
          new Row(FILE_TO_PIPE, ALONE, USUAL_PIPE, KIB_64),
          new Row(FILE_TO_PIPE, ALONE, WIDE_PIPE, KIB_64),
          new Row(PIPE_TO_FILE, ALONE, USUAL, KIB_64, MIB_1),
          new Row(PIPE_TO_FILE, ALONE, WIDE_PIPE, KIB_64),
          new Row(MAP_READ, ALONE, USUAL, KIB_4, MIB_1),
          new Row(MAP_CLOSE, ALONE, USUAL, KIB_4),
          new Row(COPY, ALONE, USUAL, WHOLE),
          new Row(COPY, ALONE, OVERWRITE, WHOLE),
          new Row(SMALL_FILES, ALONE, USUAL, WHOLE),
          new Row(SPARSE_COPY, ALONE, USUAL, WHOLE));

  private static final long MOST_BYTES_OF_A_CREW = 256L << 20;

  private record Row(
      Direction direction, Concurrency concurrency, Setting setting, Set<PieceSize> pieces) {
    Row(Direction direction, Concurrency concurrency, Setting setting, PieceSize... pieces) {
      this(direction, concurrency, setting, Set.of(pieces));
    }

    boolean has(Cell cell) {
      return direction == cell.direction()
          && concurrency == cell.concurrency()
          && setting == cell.setting()
          && pieces.contains(cell.pieceSize());
    }
  }

  private Matrix() {}

  /**
   * The cells for a file of this size.
   *
   * @param only directions, piece sizes, concurrencies, settings or whole cells by name; empty for
   *     all. A whole cell is found whether it is quick or not
   * @param full whether every cell is meant, not the quick ones only
   */
  public static List<Cell> cells(long fileBytes, List<String> only, boolean full) {
    return all(fileBytes)
        .filter(cell -> cell.pieceSize().fits(fileBytes))
        .filter(cell -> Concurrency.HAS_VIRTUAL || !cell.concurrency().isVirtual())
        .filter(Matrix::isShort)
        .filter(
            cell ->
                only.contains(cell.id())
                    || (full || isQuick(cell)) && (only.isEmpty() || isMeant(cell, only)))
        .toList();
  }

  /** Whether {@code --only} knows this name. */
  public static boolean isKnown(String name) {
    return all(1).anyMatch(cell -> cell.id().equals(name) || isMeant(cell, List.of(name)));
  }

  /** The names that {@code --only} knows, for the message about another name. */
  public static String vocabulary() {
    return String.join(", ", new Vocabulary());
  }

  /**
   * The names of directions, piece sizes, concurrencies and settings, as the help of {@code --only}
   * lists them.
   */
  static final class Vocabulary implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(
              Arrays.stream(Direction.values()).map(Direction::id),
              Arrays.stream(PieceSize.values()).map(PieceSize::id),
              Arrays.stream(Concurrency.values()).map(Concurrency::id),
              Arrays.stream(Setting.values()).filter(each -> each != USUAL).map(Setting::id))
          .flatMap(names -> names)
          .iterator();
    }
  }

  private static Stream<Cell> all(long fileBytes) {
    List<Cell> cells = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (Concurrency concurrency : Concurrency.values()) {
        if (!direction.hasConcurrency(concurrency)) {
          continue;
        }
        for (Setting setting : Setting.values()) {
          for (PieceSize piece : PieceSize.values()) {
            if (direction.hasPieceSize(piece) && setting.fits(direction, concurrency, piece)) {
              cells.add(Cell.of(direction, piece, concurrency, setting, fileBytes));
            }
          }
        }
      }
    }
    return cells.stream();
  }

  /**
   * Whether a round of the cell is short. Sixty-four connections with a large piece each would take
   * minutes for one.
   */
  private static boolean isShort(Cell cell) {
    int connections = cell.concurrency().connections();
    return connections == 1 || cell.roundSize().bytes() * connections <= MOST_BYTES_OF_A_CREW;
  }

  private static boolean isQuick(Cell cell) {
    return QUICK.stream().anyMatch(row -> row.has(cell));
  }

  private static boolean isMeant(Cell cell, List<String> names) {
    return names.contains(cell.direction().id())
        || names.contains(cell.pieceSize().id())
        || names.contains(cell.concurrency().id())
        || cell.setting() != USUAL && names.contains(cell.setting().id());
  }
}

package dev.sluice.bench.cell;

import static dev.sluice.bench.cell.Direction.COPY;
import static dev.sluice.bench.cell.Direction.FILE_FROM_FILE;
import static dev.sluice.bench.cell.Direction.FILE_TO_FILE;
import static dev.sluice.bench.cell.Direction.FILE_TO_OTHER;
import static dev.sluice.bench.cell.Direction.FILE_TO_PIPE;
import static dev.sluice.bench.cell.Direction.FILE_TO_SOCKET;
import static dev.sluice.bench.cell.Direction.FILE_TO_UNIX;
import static dev.sluice.bench.cell.Direction.PIPE_TO_FILE;
import static dev.sluice.bench.cell.Direction.SOCKET_TO_FILE;
import static dev.sluice.bench.cell.Direction.SOCKET_TO_SOCKET;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.Placement;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One condition that is not as usual. A cell with a setting stands beside the cell without it, so
 * that a reader sees how much the condition decides. Every setting is for one platform thread.
 */
public enum Setting {
  USUAL("", "", conditions -> conditions, EnumSet.allOf(Direction.class)),
  NAGLE(
      "nagle",
      "Nagle's algorithm",
      Conditions::withNagle,
      EnumSet.of(FILE_TO_SOCKET, SOCKET_TO_FILE, SOCKET_TO_SOCKET)),
  ONE_CPU(
      "one-cpu",
      "far end on the same CPU",
      conditions -> conditions.placed(Placement.TOGETHER),
      EnumSet.of(
          FILE_TO_SOCKET,
          FILE_TO_UNIX,
          SOCKET_TO_FILE,
          SOCKET_TO_SOCKET,
          FILE_TO_PIPE,
          PIPE_TO_FILE)),
  PAGES(
      "pages",
      "far end moves pages",
      Conditions::withPages,
      EnumSet.of(FILE_TO_SOCKET, SOCKET_TO_FILE, SOCKET_TO_SOCKET, FILE_TO_PIPE, PIPE_TO_FILE)),
  USUAL_PIPE(
      "usual-pipe",
      "pipe of 64 KiB",
      conditions -> conditions.withPipe(Conditions.USUAL_PIPE_BYTES),
      EnumSet.of(FILE_TO_PIPE, PIPE_TO_FILE)),
  WIDE_PIPE(
      "wide-pipe",
      "pipe of 1 MiB",
      conditions -> conditions.withPipe(Conditions.WIDE_PIPE_BYTES),
      EnumSet.of(FILE_TO_PIPE, PIPE_TO_FILE)),
  NEW_FILE(
      "new-file",
      "into a new file",
      conditions -> conditions.withTarget(true),
      EnumSet.of(FILE_TO_FILE, FILE_TO_OTHER, FILE_FROM_FILE)),
  OVERWRITE(
      "overwrite",
      "onto an existing file",
      conditions -> conditions.withTarget(false),
      EnumSet.of(COPY)),
  COLD("cold", "cold source", Conditions::withColdSource, EnumSet.of(FILE_TO_SOCKET, FILE_TO_FILE));

  private final String id;
  private final String title;
  private final UnaryOperator<Conditions> change;
  private final Set<Direction> directions;

  private static final Set<Setting> OF_FILES = EnumSet.of(USUAL, NEW_FILE, OVERWRITE, COLD);

  Setting(String id, String title, UnaryOperator<Conditions> change, Set<Direction> directions) {
    this.id = id;
    this.title = title;
    this.change = change;
    this.directions = directions;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  Conditions applied(Conditions usual) {
    return change.apply(usual);
  }

  /** Whether it is one of the files themselves, or none. */
  boolean isOfFiles() {
    return OF_FILES.contains(this);
  }

  /** Whether there are such cells. A cold source is read as a whole only. */
  boolean fits(Direction direction, Concurrency concurrency, PieceSize pieceSize) {
    return directions.contains(direction)
        && (this == USUAL || concurrency == Concurrency.ALONE)
        && (this != COLD || pieceSize == PieceSize.WHOLE)
        && saysMore(concurrency, pieceSize);
  }

  /**
   * Whether a piece of this size says more than one of 1 MiB. With many threads, or with another
   * far end, larger ones say the same, and their rounds take seconds.
   */
  private boolean saysMore(Concurrency concurrency, PieceSize pieceSize) {
    return pieceSize.isAtMost(PieceSize.MIB_1)
        || concurrency == Concurrency.ALONE
            && (this == USUAL || isOfFiles() && pieceSize == PieceSize.WHOLE);
  }
}

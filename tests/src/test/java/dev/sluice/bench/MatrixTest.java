package dev.sluice.bench;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.cell.Matrix;
import dev.sluice.bench.cell.PieceSize;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which cells the comparison has, and by which names. */
class MatrixTest {
  private static final long LARGE = 300L << 20;

  @Test
  void everyNameOfTheVocabularyIsKnownAndLeavesACellOfALargeFile() {
    for (String name : Matrix.vocabulary().split(", ")) {
      assertTrue(Matrix.isKnown(name), name);
      if (name.startsWith("virtual") && !Concurrency.HAS_VIRTUAL) {
        continue;
      }
      assertFalse(Matrix.cells(LARGE, List.of(name), true).isEmpty(), name);
    }
  }

  @Test
  void everyCellIsKnownByItsName() {
    for (Cell cell : Matrix.cells(LARGE, List.of(), true)) {
      assertTrue(Matrix.isKnown(cell.id()), cell.id());
      assertEquals(List.of(cell), Matrix.cells(LARGE, List.of(cell.id()), false));
    }
  }

  @Test
  void otherNamesAreNotKnown() {
    for (String name :
        List.of("", "file", "socket-pipe", "2KiB", "sparse-copy/4KiB", "file-file/")) {
      assertFalse(Matrix.isKnown(name), name);
    }
  }

  @Test
  void theUsualCellsArePartOfAll() {
    List<Cell> quick = Matrix.cells(LARGE, List.of(), false);
    assertTrue(Matrix.cells(LARGE, List.of(), true).containsAll(quick));
    for (Direction direction : Direction.values()) {
      assertTrue(quick.stream().anyMatch(cell -> cell.direction() == direction), direction.id());
    }
  }

  @Test
  void aNameChoosesAmongTheUsualCells() {
    List<Cell> quick = Matrix.cells(LARGE, List.of(), false);
    assertTrue(quick.containsAll(Matrix.cells(LARGE, List.of("4KiB"), false)));
  }

  @Test
  void aFileNoLongerThanAPieceHasThatPieceAsAWholeFileOnly() {
    List<Cell> cells = Matrix.cells(512, List.of("file-file"), true);
    assertEquals(Set.of(PieceSize.WHOLE), cells.stream().map(Cell::pieceSize).collect(toSet()));
  }

  /** A process may have 65,530 mappings, and as many may be left from earlier rounds. */
  @Test
  void noRoundLeavesMoreMappingsThanAProcessMayHave() {
    for (Cell cell : Matrix.cells(LARGE, List.of(), true)) {
      boolean maps =
          cell.direction() == Direction.MAP_CLOSE
              || Implementations.of(cell, false).stream()
                  .anyMatch(each -> each.name().equals("NIO map + write"));
      long calls = cell.roundSize().calls() * cell.concurrency().connections();
      assertTrue(!maps || calls <= 32_768, cell.id() + " leaves " + calls);
    }
  }

  @Test
  void manyConnectionsShareWhatOneWouldMove() {
    for (Cell cell : Matrix.cells(LARGE, List.of("64"), true)) {
      long all = cell.roundSize().bytes() * cell.concurrency().connections();
      assertTrue(all <= 256L << 20, cell.id());
      assertEquals(0, cell.roundSize().region() % cell.roundSize().piece(), cell.id());
    }
  }

  @Test
  void eachOfManyConnectionsMovesFourTimesWhatItsTwoBuffersHold() {
    for (Cell cell : Matrix.cells(LARGE, List.of(), true)) {
      int buffers = cell.applied().socketBuffers();
      if (cell.concurrency().connections() > 1) {
        assertTrue(buffers > 0, cell.id());
        // The kernel doubles what was asked for.
        assertTrue(cell.roundSize().bytes() >= 4 * 2 * (2L * buffers), cell.id());
      }
    }
  }

  @Test
  void aSettingStandsBesideTheUsualCell() {
    List<Cell> quick = Matrix.cells(LARGE, List.of(), false);
    for (Cell cell : quick) {
      Cell usual = Cell.of(cell.direction(), cell.pieceSize(), cell.concurrency(), LARGE);
      assertTrue(quick.contains(usual) || cell.id().endsWith("/cold"), cell.id());
    }
  }

  @Test
  void whoeverTakesPartHasANameOfItsOwn() {
    for (Direction direction : Direction.values()) {
      List<String> names =
          Implementations.of(direction, Concurrency.ALONE, true).stream()
              .map(Implementation::name)
              .toList();
      assertEquals(names.size(), names.stream().distinct().count(), names.toString());
    }
  }
}

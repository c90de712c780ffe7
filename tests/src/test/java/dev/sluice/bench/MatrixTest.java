package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cells the comparison has, and by which names. */
class MatrixTest {
  private static final long LARGE = 100 << 20;

  @Test
  void everyNameOfTheVocabularyIsKnownAndLeavesACellOfALargeFile() {
    for (String name : Matrix.vocabulary().split(", ")) {
      assertTrue(Matrix.isKnown(name), name);
      assertFalse(Matrix.cells(LARGE, List.of(name)).isEmpty(), name);
    }
  }

  @Test
  void everyCellIsKnownByItsName() {
    for (Cell cell : Matrix.cells(LARGE, List.of())) {
      assertTrue(Matrix.isKnown(cell.id()), cell.id());
      assertEquals(List.of(cell), Matrix.cells(LARGE, List.of(cell.id())));
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
  void theCellsThatTakeMinutesRunOnlyWhereTheyAreNamed() {
    assertTrue(Matrix.cells(LARGE, List.of()).stream().noneMatch(c -> c.direction().isOnRequest()));
    assertTrue(
        Matrix.cells(LARGE, List.of("whole")).stream().noneMatch(c -> c.direction().isOnRequest()));
    assertEquals(1, Matrix.cells(LARGE, List.of("sparse-copy")).size());
  }

  @Test
  void aFileNoLongerThanAPieceHasThatPieceAsAWholeFileOnly() {
    List<Cell> cells = Matrix.cells(4096, List.of("file-file"));
    assertEquals(List.of("file-file/whole"), cells.stream().map(Cell::id).toList());
  }

  @Test
  void whoeverTakesPartHasANameOfItsOwn() {
    for (Direction direction : Direction.values()) {
      List<String> names = Contenders.of(direction, true).stream().map(Contender::name).toList();
      assertEquals(names.size(), names.stream().distinct().count(), names.toString());
    }
  }
}

package dev.sluice.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * Who takes part where. A mechanism that Sluice gains joins by itself; one that cannot serve a cell
 * is found out there, and left out with its reason.
 */
final class Contenders {
  private Contenders() {}

  /**
   * Fresh contenders for a cell, in the order of the table.
   *
   * @param sluice whether Sluice can take part
   */
  static List<Contender> of(Direction direction, Concurrency concurrency, boolean sluice) {
    LineUp lineUp = LineUp.of(direction);
    return Stream.of(
            lineUp.nio(), sluice ? lineUp.sluice() : List.<LineUp.Seat>of(), lineUp.outside())
        .flatMap(List::stream)
        .filter(seat -> seat.canTakePart(concurrency))
        .map(LineUp.Seat::taken)
        .toList();
  }
}

package dev.sluice.bench;

import dev.sluice.Mechanism;
import dev.sluice.bench.report.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part where. A mechanism that Sluice gains joins by itself; one that cannot serve a cell
 * is found out there, and left out with its reason.
 */
final class Contenders {
  private Contenders() {}

  /**
   * Fresh contenders for a cell of this direction, in the order of the table.
   *
   * @param sluice whether Sluice can take part
   */
  static List<Contender> of(Direction direction, boolean sluice) {
    LineUp lineUp = LineUp.of(direction);
    List<Contender> contenders = new ArrayList<>();
    lineUp.nio().forEach(seat -> contenders.add(seat.taken()));
    if (sluice) {
      contenders.addAll(sluice(lineUp));
    }
    lineUp.c().forEach(seat -> contenders.add(seat.taken()));
    return contenders;
  }

  private static List<Contender> sluice(LineUp lineUp) {
    List<Contender> contenders = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      if (mechanism != Mechanism.AUTO) {
        contenders.add(
            new Contender(
                "Sluice " + mechanism,
                Role.MECHANISM,
                mechanism.name(),
                lineUp.mechanism().apply(mechanism)));
      }
    }
    contenders.add(
        new Contender("Sluice AUTO", Role.AUTO, Mechanism.AUTO.name(), lineUp.auto().get()));
    return contenders;
  }
}

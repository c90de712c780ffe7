package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.sluice.OtherSluice;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The implementations that take part in a cell, out of the {@link ImplementationTable}. */
public final class Implementations {
  /** Those that make one system call, whatever the channels are. */
  private static final Set<Role> SINGLE_CALLS = EnumSet.of(Role.MECHANISM, Role.FFM);

  /**
   * As many mappings may be left from earlier rounds. A process may have 65,530 ({@code
   * vm.max_map_count}), and the collector runs between rounds alone.
   */
  private static final long MOST_MAPPINGS_OF_A_ROUND = 20_000;

  private Implementations() {}

  /**
   * The implementations that take part in a cell, in the order of the report. Each call makes new
   * ones, whose loops are of new classes.
   *
   * @param sluice whether Sluice can take part
   */
  public static List<Implementation> of(Cell cell, boolean sluice) {
    return of(cell, sluice, Optional.empty());
  }

  /**
   * The same, with another build of Sluice.
   *
   * @param other the build; empty where there is none
   */
  public static List<Implementation> of(Cell cell, boolean sluice, Optional<OtherSluice> other) {
    Conditions conditions = cell.applied();
    boolean inOneRegion = !cell.pieceSize().isSmall() && cell.pieceSize() != PieceSize.WHOLE;
    Stream<ImplementationEntry> others =
        other.flatMap(each -> OtherSluiceEntry.of(each, cell.direction(), conditions)).stream();
    return Stream.concat(of(cell.direction(), conditions, sluice), others)
        .filter(entry -> entry.canTakePart(cell.concurrency()))
        .filter(entry -> !conditions.coldSource() || canReadCold(entry))
        .filter(entry -> entry != ImplementationTable.NIO_MAPPED || leavesFewMappings(cell))
        .filter(entry -> cell.hasSingleCalls() || !SINGLE_CALLS.contains(entry.role()))
        .filter(entry -> inOneRegion || !entry.equals(OutsideEntries.NETTY_ONE_REGION))
        .map(entry -> entry.implementation(conditions))
        .toList();
  }

  /** All that take part in some cell of the direction, with threads that nobody places. */
  public static List<Implementation> of(
      Direction direction, Concurrency concurrency, boolean sluice) {
    Conditions conditions = Conditions.UNPLACED;
    return of(direction, conditions, sluice)
        .filter(entry -> entry.canTakePart(concurrency))
        .map(entry -> entry.implementation(conditions))
        .toList();
  }

  private static Stream<ImplementationEntry> of(
      Direction direction, Conditions conditions, boolean sluice) {
    ImplementationTable table = ImplementationTable.of(direction, conditions);
    return Stream.of(
            table.nio(), sluice ? table.sluice() : List.<ImplementationEntry>of(), table.outside())
        .flatMap(List::stream);
  }

  private static boolean leavesFewMappings(Cell cell) {
    return cell.concurrency().connections() * cell.roundSize().calls() <= MOST_MAPPINGS_OF_A_ROUND;
  }

  /** Netty's fixtures open the file themselves, which may be mapped by anybody. */
  private static boolean canReadCold(ImplementationEntry entry) {
    return entry.role() != Role.NETTY && !ImplementationTable.MAPPING.contains(entry);
  }
}

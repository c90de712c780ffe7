package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Role;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An entry of the table of implementations. The loops of an {@link Implementation} are of a class
 * made anew for each cell, so the entry holds what makes that class.
 *
 * @param mechanism as in {@link Implementation}
 * @param loopClass makes a class of loops, and answers what makes loops of it; or null
 * @param ownFixtures makes what opens fixtures of the implementation's own under the conditions of
 *     a cell, or null
 */
record ImplementationEntry(
    String name,
    Role role,
    String mechanism,
    Supplier<Supplier<Loop>> loopClass,
    Function<Conditions, OwnFixture.Opener> ownFixtures) {

  /** {@code java.lang.foreign} is there from JDK 22 on. */
  static final boolean HAS_LINKER = Runtime.version().feature() >= 22;

  ImplementationEntry(
      String name, Role role, String mechanism, Supplier<Supplier<Loop>> loopClass) {
    this(name, role, mechanism, loopClass, null);
  }

  /** A new implementation, for one cell under these conditions. */
  Implementation implementation(Conditions conditions) {
    return new Implementation(
        name,
        role,
        mechanism,
        loopClass == null ? null : loopClass.get(),
        ownFixtures == null ? null : ownFixtures.apply(conditions));
  }

  /**
   * Whether the implementation says anything in such a cell. A call from C or through the linker
   * says nothing of virtual threads. Nor does Netty, whose event loops are platform threads: the
   * cell's threads would only wait for them, of whichever kind they are. The linker is newer than
   * JDK 17.
   */
  boolean canTakePart(Concurrency concurrency) {
    return switch (role) {
      case NETTY, C -> !concurrency.isVirtual();
      case FFM -> HAS_LINKER && !concurrency.isVirtual();
      default -> true;
    };
  }
}

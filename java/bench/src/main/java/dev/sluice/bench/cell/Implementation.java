package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Role;
import java.util.function.Supplier;

/**
 * A way to move a cell's bytes that takes part in the cell. The report calls it a contender.
 *
 * @param mechanism the Sluice mechanism that this is, or whose system call this makes from
 *     elsewhere, by name; or null
 * @param loops makes a loop for each connection, all of one class that no other implementation
 *     uses; null for an implementation with fixtures of its own
 * @param ownFixture opens such a fixture, once for each connection; or null
 */
public record Implementation(
    String name, Role role, String mechanism, Supplier<Loop> loops, OwnFixture.Opener ownFixture) {

  /**
   * Whether a thread of this process does the work, so that its CPU time and its system calls tell
   * something.
   */
  public boolean isInThisProcess() {
    return role != Role.PROGRAM;
  }

  /**
   * Whether the implementation leaves the target file out of the page cache. The next
   * implementation would pay for that.
   */
  public boolean passesPageCache() {
    return role == Role.MECHANISM && "DIRECT_IO".equals(mechanism);
  }
}

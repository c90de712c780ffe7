package dev.sluice.bench;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Role;
import java.util.function.Supplier;

/**
 * Who takes part in a cell.
 *
 * @param mechanism the name of the Sluice mechanism that it is, or whose system call it makes from
 *     elsewhere, or null
 * @param loops makes one for each connection, all of one class that nobody else uses; null for who
 *     comes with fixtures of its own
 * @param own opens such a fixture, once for each connection, or null
 */
record Contender(
    String name, Role role, String mechanism, Supplier<Loop> loops, OwnFixture.Opener own) {

  /** Whether it is a thread of this process that works, and its CPU time and system calls tell. */
  boolean isInThisProcess() {
    return role != Role.PROGRAM;
  }

  /**
   * Whether it leaves a target file out of the page cache, which the next contender would pay for.
   */
  boolean passesPageCache() {
    return role == Role.MECHANISM && "DIRECT_IO".equals(mechanism);
  }
}

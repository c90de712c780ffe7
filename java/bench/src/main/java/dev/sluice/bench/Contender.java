package dev.sluice.bench;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.report.Role;

/**
 * Who takes part in a cell, with a loop of its own.
 *
 * @param mechanism the name of the Sluice mechanism that it is, or whose system call it makes from
 *     C, or null
 */
record Contender(String name, Role role, String mechanism, Loop loop) {
  /** Whether it is the measuring thread that works, and its CPU time and system calls tell. */
  boolean isInThisThread() {
    return role != Role.PROGRAM;
  }

  /**
   * Whether it leaves a target file out of the page cache, which the next contender would pay for.
   */
  boolean passesPageCache() {
    return role == Role.MECHANISM && "DIRECT_IO".equals(mechanism);
  }
}

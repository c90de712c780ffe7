package dev.sluice.bench.report;

/** The part that a contender has in the comparison. */
public enum Role {
  /** The JDK's own transfer, which all others are compared with. */
  NIO,
  /** The loop that one writes by hand. */
  LOOP,
  /** Another way that the JDK offers. */
  JDK,
  /** One Sluice mechanism, exactly. */
  MECHANISM,
  /** Sluice's drop-in, which chooses. */
  AUTO,
  /** The drop-in of another build of Sluice, which this one is compared with. */
  AGAINST,
  /** Netty's way. */
  NETTY,
  /** The same system call through the JDK's foreign function linker. */
  FFM,
  /** The same system call from a C loop. */
  C,
  /** A program of the system that does the same, in a process of its own. */
  PROGRAM
}

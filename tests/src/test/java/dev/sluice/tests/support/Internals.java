package dev.sluice.tests.support;

import dev.sluice.Sluice;

/** Which of the JDK's internals the library uses in this JVM, as {@code diagnostics()} says. */
public final class Internals {
  private Internals() {}

  /** Whether none may be used: the suites {@code WithoutInternals}. */
  public static boolean areOff() {
    return "off".equals(System.getProperty("dev.sluice.internals"));
  }

  /** Whether a group of them serves, and not its fallback, whose line tells a reason. */
  public static boolean has(String group) {
    return Sluice.diagnostics()
        .lines()
        .filter(line -> line.startsWith(group + ": "))
        .anyMatch(line -> !line.substring(group.length() + 2).contains(": "));
  }
}

package dev.sluice.internal.jdk;

import java.util.List;
import java.util.Objects;

/**
 * What {@code -Ddev.sluice.internals} takes away from the search for JDK internals: {@code off} all
 * of them, and {@code -files,-sockets} these groups. The groups are those of {@code
 * Sluice.diagnostics()}, with {@code -} for a space. The name of one of the JDK's classes takes
 * that class away, as a release that has renamed it would: {@code -sun.nio.ch.SocketChannelImpl}.
 *
 * <p>The tests use groups and classes to see what another release of the JDK would leave.
 */
final class Withheld {
  private static final String VALUE =
      Objects.requireNonNullElse(Privileged.property("dev.sluice.internals"), "");
  private static final List<String> NAMES = List.of(VALUE.split(","));

  /** Whether nothing at all is searched. */
  static final boolean ALL = NAMES.contains("off");

  /** Why what is taken away counts as missing. */
  static final String REASON = "off by -Ddev.sluice.internals=" + VALUE;

  private Withheld() {}

  /** Whether the group or the class of that name is taken away. */
  static boolean has(String name) {
    return NAMES.contains("-" + name.replace(' ', '-'));
  }
}

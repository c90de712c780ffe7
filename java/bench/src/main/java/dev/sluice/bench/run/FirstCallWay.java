package dev.sluice.bench.run;

import dev.sluice.bench.report.Role;

/** Who makes the first transfer of a fresh JVM. */
enum FirstCallWay {
  NIO("NIO transferTo", Role.NIO),
  SLUICE("Sluice isAvailable + transferTo", Role.AUTO);

  private final String title;
  private final Role role;

  FirstCallWay(String title, Role role) {
    this.title = title;
    this.role = role;
  }

  String title() {
    return title;
  }

  Role role() {
    return role;
  }
}

package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** The report tells the outcomes, and ends although transfers hang. */
class GuardsReportTest {
  @Test
  void aCaseIsRunByBothInAProcessOfItsOwn() throws Exception {
    GuardCase guardCase =
        GuardCase.of("AUTO", "FILE_TO_TCP", "STALLED", "CLOSE_TARGET", "PLATFORM");
    GuardsReport.Row row = GuardsReport.inChild(guardCase);
    assertEquals(guardCase, row.guardCase());
    assertFalse(row.sluice().hung(), row::toString);
    // JDK-8310902, mended in 22: closing the socket does not wake a thread in transferTo.
    assertEquals(Runtime.version().feature() < 22, row.nio().hung(), row::toString);
  }

  @Test
  void anOutcomeIsToldInWords() {
    assertEquals(
        "**hangs**; **whoever did it hangs too**",
        GuardsReport.text(new GuardOutcome("count", -1, null, -1, -1, true, true, false, -1)));
    assertEquals(
        "5 bytes after 7 ms, source open",
        GuardsReport.text(new GuardOutcome("count", 5, null, 7, 1, true, false, false, 5)));
    assertEquals(
        "IOException after 0 ms; **whoever did it hangs too**",
        GuardsReport.text(new GuardOutcome("IOException", -1, "m", 0, -1, false, false, true, -1)));
  }
}

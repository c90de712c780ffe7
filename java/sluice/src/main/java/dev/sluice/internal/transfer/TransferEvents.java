package dev.sluice.internal.transfer;

import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Records transfers as JFR events, if a recording asks for them. They are off by default, and then
 * cost one read of a flag of the flight recorder.
 *
 * <p>The recorder's classes may be missing: in a runtime without the module {@code jdk.jfr}, and
 * where the class loader shows only {@code java.*} of the JDK, as those of OSGi and JBoss Modules
 * do. {@link TransferEvent} is therefore linked only after a check.
 */
final class TransferEvents {
  /** Whether the JFR classes that {@link TransferEvent} uses can be loaded. */
  private static final boolean HAS_RECORDER =
      isSeen("jdk.jfr.Event") && isSeen("jdk.jfr.FlightRecorder");

  private TransferEvents() {}

  /** Whether a recording has {@code dev.sluice.Transfer} enabled. */
  static boolean areOn() {
    return HAS_RECORDER && TransferEvent.isOn();
  }

  private static boolean isSeen(String name) {
    try {
      Class.forName(name, false, TransferEvents.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Begins an event, which the caller passes to {@link #end}. */
  static Object begin() {
    return TransferEvent.started();
  }

  /** Records what happened, unless a channel is null: a call without a channel is no transfer. */
  static void end(
      Object event,
      @Nullable Channel source,
      @Nullable Channel target,
      long count,
      ReportBuilder report) {
    if (source != null && target != null) {
      ((TransferEvent) event).record(source, target, count, report);
    }
  }
}

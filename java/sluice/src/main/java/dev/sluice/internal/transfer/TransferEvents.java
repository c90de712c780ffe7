package dev.sluice.internal.transfer;

import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Whether transfers are recorded as JFR events. Off by default, and then it costs one look at a
 * flag of the flight recorder. A runtime without the module {@code jdk.jfr} has nothing to look at,
 * nor has a class loader that shows {@code java.*} alone of the JDK, as those of OSGi and JBoss
 * Modules do.
 */
final class TransferEvents {
  /** Whether the classes that a {@link TransferEvent} is made of can be linked. */
  private static final boolean HAS_RECORDER =
      isSeen("jdk.jfr.Event") && isSeen("jdk.jfr.FlightRecorder");

  private TransferEvents() {}

  /** Whether somebody records {@code dev.sluice.Transfer}. */
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

  /** Begins an event, to be given to {@link #end}. */
  static Object begin() {
    return TransferEvent.started();
  }

  /** Records what happened, unless a channel is missing, which is no transfer. */
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

package dev.sluice.internal;

import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Whether transfers are recorded as JFR events. Off by default, and then it costs one look at a
 * flag of the flight recorder; a runtime without the module {@code jdk.jfr} has nothing to look at.
 */
final class TransferEvents {
  private static final boolean HAS_RECORDER = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private TransferEvents() {}

  /** Whether somebody records {@code dev.sluice.Transfer}. */
  static boolean areOn() {
    return HAS_RECORDER && TransferEvent.isOn();
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
      Account account) {
    if (source != null && target != null) {
      ((TransferEvent) event).record(source, target, count, account);
    }
  }
}

package dev.sluice.internal;

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

  /** Records what happened. */
  static void end(Object event, Side source, Side target, long count, Account account) {
    ((TransferEvent) event).record(source.channel(), target.channel(), count, account);
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.jdk.Privileged;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Records transfers and copies as JFR events, if a recording asks for them. They are off by
 * default, and then cost one read of a flag of the flight recorder.
 *
 * <p>The recorder's classes may be missing: in a runtime without the module {@code jdk.jfr}, and
 * where the class loader shows only {@code java.*} of the JDK, as those of OSGi and JBoss Modules
 * do. {@link TransferEvent} is therefore linked only after a check.
 *
 * <p>Even where a loader shows the recorder, the recorder writes code into {@link TransferEvent}
 * that names classes of {@code jdk.jfr.internal}, which the loader may hide. A security manager may
 * forbid an event as well. No transfer fails for that: once an event could not be made, there are
 * no more.
 */
public final class TransferEvents {
  /** Whether the recorder's class can be loaded. */
  private static final boolean HAS_RECORDER = isSeen("jdk.jfr.FlightRecorder");

  /** Whether an event could not be made. */
  private static volatile boolean isBroken;

  private TransferEvents() {}

  /** Whether a recording has {@code dev.sluice.Transfer} enabled. */
  public static boolean areOn() {
    return HAS_RECORDER && Recorder.isOn();
  }

  /** The flight recorder. This class is linked only where the recorder's classes can be. */
  private static final class Recorder {
    /**
     * The first use of {@link TransferEvent} registers the event, which starts a part of the
     * recorder. So there has to be a recording first.
     */
    static boolean isOn() {
      return FlightRecorder.isInitialized()
          && !isBroken
          && Events.ARE_SEEN
          && Boolean.TRUE.equals(made(TransferEvent::isOn));
    }
  }

  /** The class of events, which is not looked for before there is a recording. */
  private static final class Events {
    static final boolean ARE_SEEN = isSeen("jdk.jfr.Event");
  }

  private static boolean isSeen(String name) {
    try {
      Class.forName(name, false, TransferEvents.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError | SecurityException e) {
      return false;
    }
  }

  /** Makes a step of an event with the permissions of Sluice's jar. Answers null if it fails. */
  private static <T> @Nullable T made(Supplier<T> step) {
    T made = null;
    try {
      made = Privileged.orElse(step, null);
    } catch (LinkageError e) {
      // A class is hidden, or the event's class could not be registered.
    }
    if (made == null) {
      isBroken = true;
    }
    return made;
  }

  /**
   * Begins the event of a transfer, which the caller passes to {@link #end}.
   *
   * @return null if a channel is null: a call without a channel is no transfer
   */
  static @Nullable Object begin(@Nullable Channel source, @Nullable Channel target) {
    return source == null || target == null
        ? null
        : made(() -> TransferEvent.started(source, target));
  }

  /** Begins the event of a copy, which the caller passes to {@link #end}. */
  public static @Nullable Object beginCopy(Path source, Path target) {
    return made(() -> TransferEvent.started(source, target));
  }

  /**
   * Records what happened.
   *
   * @param event what the beginning has answered
   * @param count the bytes that were asked for
   */
  public static void end(@Nullable Object event, long count, ReportBuilder report) {
    if (event != null) {
      made(() -> ((TransferEvent) event).record(count, report));
    }
  }
}

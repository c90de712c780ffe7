package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Mechanisms;
import java.nio.channels.Channel;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** One transfer, as an event of the JDK's flight recorder. */
@Name("dev.sluice.Transfer")
@Label("Transfer")
@Category("Sluice")
@Description("Bytes moved between two channels, by which mechanisms and system calls")
@Enabled(false)
final class TransferEvent extends Event {
  @Label("Source")
  @Nullable String source;

  @Label("Target")
  @Nullable String target;

  @Label("Count")
  @DataAmount
  @Description("The bytes that were asked for")
  long count;

  @Label("Bytes")
  @DataAmount
  @Description("The bytes that were moved")
  long bytes;

  @Label("Ending")
  @Nullable String ending;

  @Label("System Calls")
  long syscalls;

  @Label("Steps")
  @Description("By mechanism: bytes, system calls, and the errno of a refusal")
  @Nullable String steps;

  /** Whether a recording has this event enabled. */
  static boolean isOn() {
    return new TransferEvent().isEnabled();
  }

  /** Makes an event whose time begins now. */
  static TransferEvent started() {
    TransferEvent event = new TransferEvent();
    event.begin();
    return event;
  }

  /**
   * Ends the event's time, and commits the event unless a recording's threshold leaves it out.
   *
   * @return the event
   */
  TransferEvent record(Channel source, Channel target, long count, ReportBuilder report) {
    end();
    if (!shouldCommit()) {
      return this;
    }
    this.source = source.getClass().getSimpleName();
    this.target = target.getClass().getSimpleName();
    this.count = count;
    bytes = report.bytes();
    ending = report.ending().name();
    syscalls = report.syscalls();
    steps = report.steps().stream().map(TransferEvent::text).collect(Collectors.joining(", "));
    commit();
    return this;
  }

  private static String text(ReportBuilder.Step step) {
    String refused = step.refused() == null ? "" : " refused " + step.refused();
    return Mechanisms.name(step.mechanism())
        + " "
        + step.bytes()
        + " bytes"
        + (step.syscalls() == ReportBuilder.UNKNOWN ? "" : " " + step.syscalls() + " calls")
        + refused;
  }
}

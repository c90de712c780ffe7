package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.channel.ChannelName;
import dev.sluice.internal.channel.FileOpener;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** One transfer or copy, as an event of the JDK's flight recorder. */
@Name("dev.sluice.Transfer")
@Label("Transfer")
@Category("Sluice")
@Description("Bytes moved between two channels or files, by which mechanisms and system calls")
@Enabled(false)
final class TransferEvent extends Event {
  @Label("Source")
  @Nullable String source;

  @Label("Target")
  @Nullable String target;

  @Label("From")
  @Description("The source's path, or the address of its peer, when the transfer began")
  @Nullable String from;

  @Label("To")
  @Description("The target's path, or the address of its peer, when the transfer began")
  @Nullable String to;

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

  /** Makes the event of a transfer, whose time begins now. */
  static TransferEvent started(Channel source, Channel target) {
    TransferEvent event = new TransferEvent();
    event.source = source.getClass().getSimpleName();
    event.target = target.getClass().getSimpleName();
    // A transfer may close its channels.
    event.from = ChannelName.of(source);
    event.to = ChannelName.of(target);
    event.begin();
    return event;
  }

  /** Makes the event of a copy, whose time begins now. */
  static TransferEvent started(Path source, Path target) {
    TransferEvent event = new TransferEvent();
    event.source = source.getClass().getSimpleName();
    event.target = target.getClass().getSimpleName();
    event.from = name(source);
    event.to = name(target);
    event.begin();
    return event;
  }

  /** The name of a path of the JDK's own. Another provider's may be anything. */
  private static @Nullable String name(Path path) {
    try {
      return FileOpener.isOfDefaultFileSystem(path) ? path.toAbsolutePath().toString() : null;
    } catch (SecurityException e) {
      return null;
    }
  }

  /**
   * Ends the event's time, and commits the event unless a recording's threshold leaves it out.
   *
   * @return the event
   */
  TransferEvent record(long count, ReportBuilder report) {
    end();
    if (!shouldCommit()) {
      return this;
    }
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

package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.transfer.Explained;
import dev.sluice.internal.transfer.ReportBuilder;
import dev.sluice.internal.transfer.ReportBuilder.Step;
import dev.sluice.internal.transfer.ReportEnding;
import dev.sluice.internal.transfer.TransferEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one copy, for those who ask: the thread, and the flight recorder. A copy that
 * nobody asks about has none. Until it is told otherwise, the copy has failed, and nothing of it is
 * left.
 */
final class CopyReport implements AutoCloseable {
  private final ReportBuilder report;
  private final Ledger ledger = Ledger.take();
  private final @Nullable Object event;
  private boolean isByKernel;

  /** The bytes that were to be copied. */
  private long count;

  private CopyReport(ReportBuilder report, @Nullable Object event) {
    this.report = report;
    this.event = event;
  }

  /** A report for the copy that the current thread begins, or null if nobody asks. */
  static @Nullable CopyReport begun(Path source, Path target) {
    ReportBuilder asked = Explained.report();
    Object event = TransferEvents.areOn() ? TransferEvents.beginCopy(source, target) : null;
    if (asked != null || event == null) {
      return asked == null ? null : new CopyReport(asked, event);
    }
    ReportBuilder recorded = new ReportBuilder();
    recorded.ended(0, ReportEnding.FAILED);
    return new CopyReport(recorded, event);
  }

  /** Tells some report how many bytes are to be copied. */
  static void count(@Nullable CopyReport report, long bytes) {
    if (report != null) {
      report.count = bytes;
    }
  }

  /** The address of the ledger of some report, for the native code, or 0 without a report. */
  static long ledger(@Nullable CopyReport report) {
    if (report == null) {
      return 0;
    }
    report.isByKernel = true;
    return report.ledger.address;
  }

  /** Tells some report that native code has made the copy. */
  static void complete(@Nullable CopyReport report) {
    if (report != null) {
      report.report.ended(report.ledger.copied(), ReportEnding.COMPLETE);
    }
  }

  /** Tells some report that {@code Files.copy} has made the copy. It does not tell what it did. */
  static void completeByJdk(@Nullable CopyReport report, Path target) {
    if (report != null) {
      long bytes = sizeOf(target);
      report.count = bytes;
      report.report.add(new Step(Mechanisms.READ_WRITE, bytes, ReportBuilder.UNKNOWN, null));
      report.report.ended(bytes, ReportEnding.COMPLETE);
    }
  }

  /** The size of a regular file; 0 of anything else, and of what cannot be looked at. */
  private static long sizeOf(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() ? attributes.size() : 0;
    } catch (IOException | SecurityException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    if (isByKernel) {
      report.add(ledger);
    }
    ledger.release();
    TransferEvents.end(event, count, report);
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.Limits;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of one transfer beside the bytes: a report, limits, and to be told how far it
 * is. A transfer without terms is told by null.
 *
 * @param report where to tell what happened, or null
 * @param limits what ends the transfer early, or null
 * @param everyBytes after how many bytes the caller is told, or {@link #NEVER}
 * @param told told the bytes moved so far, or null
 * @param isSnapshot whether the file is sent as it is when the transfer begins
 * @param isUncached whether nothing of a file stays in the page cache that was not there before
 */
public record Terms(
    @Nullable ReportBuilder report,
    @Nullable Limits limits,
    long everyBytes,
    @Nullable LongConsumer told,
    boolean isSnapshot,
    boolean isUncached) {
  /** The caller is not told. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Terms that ask for nothing but a report. */
  public static Terms reported(ReportBuilder report) {
    return new Terms(report, null, NEVER, null, false, false);
  }

  /** The report of some terms, or null. */
  static @Nullable ReportBuilder report(@Nullable Terms terms) {
    return terms == null ? null : terms.report;
  }

  /** The same terms with a report. */
  static Terms withReport(@Nullable Terms terms, ReportBuilder report) {
    return terms == null
        ? reported(report)
        : new Terms(
            report, terms.limits, terms.everyBytes, terms.told, terms.isSnapshot, terms.isUncached);
  }

  /** Whether some terms change how a transfer runs. A report only watches it. */
  static boolean areBinding(@Nullable Terms terms) {
    return terms != null
        && (terms.limits != null || terms.told != null || terms.isSnapshot || terms.isUncached);
  }

  /** Tells the caller. */
  void tell(long moved) {
    Objects.requireNonNull(told).accept(moved);
  }
}

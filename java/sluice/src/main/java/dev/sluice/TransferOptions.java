package dev.sluice;

import dev.sluice.internal.channel.Limits;
import dev.sluice.internal.transfer.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Sorts the options of one transfer, and makes its terms of them. */
final class TransferOptions {
  private @Nullable Within within;
  private @Nullable Idle idle;
  private @Nullable Progress progress;
  private boolean isSnapshot;
  private boolean isUncached;
  private final List<Cancellation> cancellations = new ArrayList<>();

  /** A limit of the time that a transfer takes. */
  record Within(long nanos) implements TransferOption {}

  /** A limit of the time in which no byte moves. */
  record Idle(long nanos) implements TransferOption {}

  /** Who is told how far a transfer is. */
  record Progress(long everyBytes, LongConsumer moved) implements TransferOption {
    Progress {
      Objects.requireNonNull(moved, "moved");
      if (everyBytes <= 0) {
        throw new IllegalArgumentException("bytes that are not above 0: " + everyBytes);
      }
    }
  }

  /** That the file is sent as it is now. */
  enum Whole implements TransferOption {
    SNAPSHOT
  }

  private TransferOptions(TransferOption... options) {
    for (TransferOption option : options) {
      Objects.requireNonNull(option, "option");
      if (option instanceof Within given) {
        ensureFirst(within, given);
        within = given;
      } else if (option instanceof Idle given) {
        ensureFirst(idle, given);
        idle = given;
      } else if (option instanceof Progress given) {
        ensureFirst(progress, given);
        progress = given;
      } else if (option == Whole.SNAPSHOT) {
        isSnapshot = true;
      } else if (option == Uncached.UNCACHED) {
        isUncached = true;
      } else if (option instanceof Cancellation given) {
        cancellations.add(given);
      } else {
        throw new UnsupportedOperationException("an option that is not known: " + option);
      }
    }
  }

  private static void ensureFirst(@Nullable TransferOption before, TransferOption given) {
    if (before != null) {
      throw new IllegalArgumentException("two options of one kind: " + before + ", " + given);
    }
  }

  /** A time in nanoseconds; one of more than 292 years is without end. */
  static long nanos(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("a limit that is not above 0: " + limit);
    }
    return limit.compareTo(Duration.ofNanos(Limits.WITHOUT_END)) < 0
        ? limit.toNanos()
        : Limits.WITHOUT_END;
  }

  /** The terms of a transfer that begins now, or null if there are no options. */
  static @Nullable Terms terms(TransferOption... options) {
    return options.length == 0 ? null : new TransferOptions(options).terms();
  }

  private Terms terms() {
    return new Terms(
        null,
        limits(),
        progress == null ? Terms.NEVER : progress.everyBytes,
        progress == null ? null : progress.moved,
        isSnapshot,
        isUncached);
  }

  private @Nullable Limits limits() {
    if (within == null && idle == null && cancellations.isEmpty()) {
      return null;
    }
    return new Limits(
        within == null ? Limits.WITHOUT_END : within.nanos,
        idle == null ? Limits.WITHOUT_END : idle.nanos,
        cancelled(cancellations.toArray(new Cancellation[0])));
  }

  private static BooleanSupplier cancelled(Cancellation[] each) {
    return () -> {
      for (Cancellation cancellation : each) {
        if (cancellation.isCancelled()) {
          return true;
        }
      }
      return false;
    };
  }
}

package dev.sluice.tests.chaos;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Way;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The thread of the transfers: makes them and keeps their results. */
final class TransferThread implements Runnable {
  /** How long a channel that is never waited for may give nothing. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long ENDED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Scenario scenario;
  private final ReadableByteChannel source;
  private final WritableByteChannel target;
  private final @Nullable MappedRegion region;
  private final BooleanSupplier sourceHasEnded;
  private final CountDownLatch over;
  private final boolean isPlain;
  private final List<ReportedResult> told = new CopyOnWriteArrayList<>();
  private long place;
  private long left;

  /** Whether the thread's interrupt status was set after the last call. */
  volatile boolean isInterrupted;

  TransferThread(
      Scenario scenario,
      ReadableByteChannel source,
      WritableByteChannel target,
      @Nullable MappedRegion region,
      BooleanSupplier sourceHasEnded,
      CountDownLatch over,
      boolean isPlain) {
    this.scenario = scenario;
    this.source = source;
    this.target = target;
    this.region = region;
    this.sourceHasEnded = sourceHasEnded;
    this.over = over;
    this.isPlain = isPlain;
    left = scenario.supply().bytes();
  }

  List<ReportedResult> told() {
    return told;
  }

  @Override
  public void run() {
    try {
      for (int count : scenario.counts()) {
        if (!move(count)) {
          break;
        }
      }
    } finally {
      isInterrupted = Thread.currentThread().isInterrupted();
      over.countDown();
    }
  }

  /** Whether the scenario goes on. */
  private boolean move(long count) {
    long rest = scenario.supply().ending() == Ending.STAYS_OPEN ? Math.min(count, left) : count;
    boolean isWaitedFor = scenario.channels().sourceBlocks() && scenario.channels().targetBlocks();
    long begun = System.nanoTime();
    long idleSince = begun;
    while (true) {
      ReportedResult last = once(rest);
      if (last.moved() > 0 || last.failure() != null || isWaitedFor || idleSince == begun) {
        told.add(last);
      }
      rest -= last.moved();
      place += last.moved();
      left -= last.moved();
      if (last.failure() != null) {
        return false;
      }
      if (isWaitedFor || rest <= 0) {
        return true;
      }
      long now = System.nanoTime();
      if (last.moved() > 0) {
        idleSince = now;
      } else if (now - idleSince > (sourceHasEnded.getAsBoolean() ? ENDED_NANOS : IDLE_NANOS)) {
        return true;
      }
      // Not a sleep, which would take an interrupt away from the next call.
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(last.moved() > 0 ? 0 : 300));
    }
  }

  private ReportedResult once(long count) {
    if (isPlain) {
      return ReadWriteLoop.move(source, target, count, scenario.channels().source() == Kind.FILE);
    }
    try {
      return ReportedResult.count(count, call(count));
    } catch (IOException | RuntimeException | Error e) {
      return ReportedResult.thrown(count, e);
    }
  }

  private long call(long count) throws IOException {
    Mechanism mechanism = scenario.how().mechanism();
    Way way = scenario.how().way();
    boolean isTo = scenario.channels().source() == Kind.FILE;
    FileChannel file = way == Way.TRANSFER ? null : (FileChannel) (isTo ? source : target);
    long at =
        ScenarioRun.start(isTo ? scenario.channels().source() : scenario.channels().target())
            + place;
    if (file == null) {
      return mechanism.transfer(source, target, count);
    }
    return switch (way) {
      case TRANSFER, POSITIONED ->
          isTo
              ? mechanism.transferTo(file, at, count, target)
              : mechanism.transferFrom(file, source, at, count);
      case EXPLAINED ->
          isTo
              ? Sluice.explainTransferTo(file, at, count, target).bytes()
              : Sluice.explainTransferFrom(file, source, at, count).bytes();
      case WRAPPED ->
          isTo
              ? SluiceFileChannel.wrap(file).transferTo(at, count, target)
              : SluiceFileChannel.wrap(file).transferFrom(source, at, count);
      case REGION -> {
        MappedRegion mapped = java.util.Objects.requireNonNull(region);
        yield mapped.transferTo(at, Math.min(count, mapped.size() - at), target);
      }
    };
  }
}

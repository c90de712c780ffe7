package dev.sluice.tests.chaos;

import dev.sluice.Cancellation;
import dev.sluice.Composite;
import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.TransferOption;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
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
    boolean isWaitedFor =
        scenario.channels().sourceBlocks()
            && scenario.channels().targetBlocks()
            && scenario.how().way() != Way.LIMITED;
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
    if (scenario.how().way() == Way.COMPOSITE) {
      return composite(count);
    }
    try {
      return ReportedResult.count(count, call(count));
    } catch (IOException | RuntimeException | Error e) {
      return ReportedResult.thrown(count, e);
    }
  }

  /**
   * A composite of the next bytes: the first and the last out of memory, the others of the file.
   */
  private ReportedResult composite(long count) {
    FileChannel file = (FileChannel) source;
    int first = scenario.supply().bytes() - (int) left;
    int bytes = (int) Math.min(count, left);
    int head = Math.min(bytes, scenario.supply().stallAfter() % 5000);
    int trailer = Math.min(bytes - head, scenario.drain().stallAfter() % 300);
    long middle = bytes - head - trailer;
    long at = ScenarioRun.start(Kind.FILE) + first + head;
    ByteBuffer content = ByteBuffer.wrap(ContentPattern.sent());
    Composite composite =
        Composite.of(content.slice(first, head))
            .add(file, at, middle / 2)
            .add(file, at + middle / 2, middle - middle / 2)
            .add(content.slice(first + bytes - trailer, trailer));
    try {
      long sent = composite.sendTo((SocketChannel) target);
      if (sent != bytes - composite.remaining()) {
        throw new AssertionError(sent + " of " + bytes + ", " + composite.remaining() + " remain");
      }
      return ReportedResult.count(count, sent);
    } catch (IOException | RuntimeException e) {
      return new ReportedResult(count, bytes - composite.remaining(), 0, e);
    }
  }

  /** A limit that is met soon, of each kind. */
  private TransferOption limit() {
    int millis = scenario.meanwhile().afterMillis();
    Duration limit = Duration.ofMillis(1 + 2L * millis);
    return switch (millis % 3) {
      case 0 -> TransferOption.within(limit);
      case 1 -> TransferOption.idle(limit);
      default -> cancelledAfter(limit);
    };
  }

  private static Cancellation cancelledAfter(Duration limit) {
    Cancellation cancellation = new Cancellation();
    DaemonThreads.start(
        "cancels",
        false,
        () -> {
          DaemonThreads.sleep((int) limit.toMillis());
          cancellation.cancel();
        });
    return cancellation;
  }

  private long call(long count) throws IOException {
    Mechanism mechanism = scenario.how().mechanism();
    Way way = scenario.how().way();
    boolean isTo = scenario.channels().source() == Kind.FILE;
    FileChannel file = way.isAtOwnPosition() ? null : (FileChannel) (isTo ? source : target);
    long at =
        ScenarioRun.start(isTo ? scenario.channels().source() : scenario.channels().target())
            + place;
    if (way == Way.LIMITED) {
      return Sluice.transfer(source, target, count, limit());
    }
    if (file == null) {
      return mechanism.transfer(source, target, count);
    }
    return switch (way) {
      case TRANSFER, POSITIONED, LIMITED, COMPOSITE ->
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
      case UNCACHED ->
          isTo
              ? Sluice.transferTo(file, at, count, target, TransferOption.uncached())
              : Sluice.transferFrom(file, source, at, count, TransferOption.uncached());
      case REGION -> {
        MappedRegion mapped = java.util.Objects.requireNonNull(region);
        yield mapped.transferTo(at, Math.min(count, mapped.size() - at), target);
      }
    };
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Pool;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.GuardedReader;
import dev.sluice.internal.channel.GuardedWriter;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A transfer between two streams that the JDK's guards hold, with objects that are used over and
 * over. A relay makes many such transfers, each of few bytes, and its code is too much for the
 * compiler to find out that the objects of one call need no memory of the heap.
 */
final class StreamTransfer implements Transfer.Run {
  private static final Pool<StreamTransfer> POOL = new Pool<>(StreamTransfer::new);

  private final GuardedReader source = new GuardedReader();
  private final GuardedWriter target = new GuardedWriter();
  private final Transfer transfer = new Transfer(0, source, target, 0, null);
  private int mechanism;
  private long count;

  private StreamTransfer() {}

  /** Whether both channels are streams that are held by the JDK's guards. */
  static boolean serves(Channel source, Channel target) {
    return Endpoints.isGuarded(source) && Endpoints.isGuarded(target);
  }

  /** Moves bytes, as {@link Transfer#run}. One that threw is not used again. */
  static long run(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    StreamTransfer used = POOL.take();
    used.mechanism = mechanism;
    used.count = count;
    used.source.turnTo((SelectableChannel) source);
    used.target.turnTo((SelectableChannel) target);
    long moved = Transfer.withLedger(report, used);
    used.transfer.begin(0, 0, null);
    used.source.turnToNothing();
    used.target.turnToNothing();
    POOL.give(used);
    return moved;
  }

  @Override
  public Transfer with(Ledger ledger) throws IOException {
    transfer.begin(mechanism, count, ledger);
    transfer.run();
    return transfer;
  }
}

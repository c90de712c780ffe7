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
final class Relay implements Transfer.Run {
  private static final Pool<Relay> POOL = new Pool<>(Relay::new);

  private final GuardedReader source = GuardedReader.ofNothing();
  private final GuardedWriter target = GuardedWriter.ofNothing();
  private final Transfer transfer = new Transfer(0, source, target, 0, null);
  private int mechanism;
  private long count;

  private Relay() {}

  /** Whether both channels are streams that are held by the JDK's guards. */
  static boolean serves(Channel source, Channel target) {
    return Endpoints.isGuarded(source) && Endpoints.isGuarded(target);
  }

  /** Moves bytes, as {@link Transfer#run}. A relay that threw is not used again. */
  static long run(
      int mechanism,
      ReadableByteChannel source,
      WritableByteChannel target,
      long count,
      @Nullable ReportBuilder report)
      throws IOException {
    Relay relay = POOL.take();
    relay.mechanism = mechanism;
    relay.count = count;
    relay.source.turnTo((SelectableChannel) source);
    relay.target.turnTo((SelectableChannel) target);
    long moved = Transfer.withLedger(report, relay);
    relay.source.turnToNothing();
    relay.target.turnToNothing();
    POOL.give(relay);
    return moved;
  }

  @Override
  public Transfer with(Ledger ledger) throws IOException {
    transfer.begin(mechanism, count, ledger);
    transfer.run();
    return transfer;
  }
}

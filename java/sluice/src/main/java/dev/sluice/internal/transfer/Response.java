package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.Ledger;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.channel.Cork;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.HeldPair;
import dev.sluice.internal.load.NativeLoader;
import dev.sluice.internal.transfer.Outcome.Reason;
import dev.sluice.internal.transfer.ReportBuilder.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parts that go to a socket in order, as one response. What lies in memory, and files that are so
 * small that copying them costs less than a call of their own, are gathered and sent by one call;
 * larger parts go by a transfer each. All but the last call tell the kernel that more follows: by
 * {@code MSG_MORE}, or, for a larger part before others, by a {@link Cork}.
 */
public final class Response {
  /** What is offered at a time to a channel that is not the JDK's own. */
  private static final int FOREIGN_BYTES = 64 << 10;

  private final ResponseParts parts = new ResponseParts();

  /** The socket as it was checked, until a transfer uses it. */
  private @Nullable Endpoint end;

  /** What corks the socket, made for the first transfer that needs it. */
  private @Nullable Cork cork;

  /** Why the last transfer ended. */
  private ReportEnding last = ReportEnding.WOULD_BLOCK;

  /** Adds bytes of a program's memory. */
  public void add(ByteBuffer bytes) {
    add(ResponsePart.ofBuffer(bytes));
  }

  /** Adds a part of a file. */
  public void add(FileChannel file, long position, long count) {
    add(ResponsePart.ofFile(file, position, count));
  }

  /** Adds a part. */
  public void add(ResponsePart part) {
    parts.add(part);
  }

  /** How many bytes have not been sent. */
  public long remaining() {
    return parts.remaining();
  }

  /**
   * Sends to a socket.
   *
   * @return how many bytes the socket took now
   */
  public long send(SocketChannel target, @Nullable Terms terms) throws IOException {
    if (!target.isOpen()) {
      throw new ClosedChannelException();
    }
    Route.ensureNoSnapshot(terms);
    Route.ensureMayCache(terms);
    boolean isHeld = isHeld(target);
    if (!isHeld) {
      Route.ensureNoLimits(terms);
    }
    parts.ensureUsable(isHeld);
    long begun = parts.remaining();
    Telling telling = Telling.of(terms);
    Terms limits = limits(terms);
    long most = terms == null ? Terms.NEVER : terms.everyBytes();
    ReportBuilder report = Explained.report();
    try {
      boolean goesOn = true;
      while (goesOn && parts.remaining() > 0) {
        goesOn = isHeld ? sendHeld(target, most, limits, report) : sendForeign(target, report);
        if (telling != null && telling.isDue(begun - parts.remaining())) {
          telling.tell(begun - parts.remaining());
        }
      }
    } finally {
      release(target);
    }
    if (report != null) {
      report.ended(
          begun - parts.remaining(), parts.remaining() == 0 ? ReportEnding.COMPLETE : last);
    }
    if (telling != null) {
      telling.tell(begun - parts.remaining());
    }
    return begun - parts.remaining();
  }

  private void release(SocketChannel target) {
    Cork held = cork;
    if (held != null) {
      cork = null;
      held.release(target);
    }
  }

  /**
   * Checks the socket's state, and answers whether Sluice holds it and all files.
   *
   * @throws java.nio.channels.NotYetConnectedException if it is not connected
   */
  private boolean isHeld(SocketChannel target) throws ClosedChannelException {
    Endpoint checked = NativeLoader.isAvailable() ? Endpoints.target(target) : null;
    if (checked == null) {
      Endpoint.ensureConnected(target);
      return false;
    }
    checked.ensureUsable();
    end = checked;
    return parts.areHeld();
  }

  /** What binds each of the transfers that a response is made of. */
  private static @Nullable Terms limits(@Nullable Terms terms) {
    return terms == null || terms.limits() == null
        ? null
        : new Terms(null, terms.limits(), Terms.NEVER, null, false, false);
  }

  /**
   * Sends the next part, or the next parts that are gathered, by one transfer.
   *
   * @return whether the rest can be sent now
   */
  private boolean sendHeld(
      SocketChannel target, long most, @Nullable Terms limits, @Nullable ReportBuilder report)
      throws IOException {
    GatheredEndpoint gathered = parts.isNextGathered() ? new GatheredEndpoint(parts) : null;
    long all = parts.nextBytes();
    long count = Math.min(all, most);
    Endpoint source = gathered != null ? gathered : parts.next().source(parts.offset());
    Ledger ledger = report == null ? null : Ledger.take();
    Transfer transfer = Transfer.of(source, end(target), count, ledger, limits);
    if (gathered == null && all < parts.remaining()) {
      // No call that sends a file can say that more follows.
      if (cork == null) {
        cork = new Cork();
      }
      transfer.corkBy(cork);
    }
    try {
      transfer.run();
    } finally {
      parts.advance(transfer.moved());
      if (ledger != null) {
        report(Objects.requireNonNull(report), gathered, transfer.moved(), ledger);
      }
    }
    if (gathered != null && gathered.isToBeSeen) {
      parts.ensureThere();
      return true;
    }
    transfer.result();
    last = transfer.reason().ending();
    return goesOn(transfer.reason(), count - transfer.moved());
  }

  /** The end of the next transfer: the one whose state was checked, or a new one. */
  private Endpoint end(SocketChannel target) {
    Endpoint checked = end;
    end = null;
    return checked != null ? checked : Objects.requireNonNull(Endpoints.target(target));
  }

  private static void report(
      ReportBuilder report, @Nullable GatheredEndpoint gathered, long moved, Ledger ledger) {
    if (gathered != null && !gathered.isToBeSeen) {
      report.add(new Step(Mechanisms.READ_WRITE, moved, gathered.calls, null));
    } else if (gathered == null) {
      report.add(ledger);
    }
    ledger.release();
  }

  private static boolean goesOn(Reason reason, long missing) throws IOException {
    return switch (reason) {
      case WOULD_BLOCK, TIMED_OUT, CANCELLED -> false;
      case END_OF_FILE, NO_POSITION -> throw FilePart.missing(missing);
      // What failed after bytes had been moved fails again, before any.
      default -> true;
    };
  }

  /** Sends by the channel's own method. */
  private boolean sendForeign(SocketChannel target, @Nullable ReportBuilder report)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FOREIGN_BYTES, parts.remaining()));
    try {
      parts.gather(0, bytes.capacity(), bytes, ResponsePart.ON_HEAP);
      int size = bytes.flip().remaining();
      try {
        target.write(bytes);
      } finally {
        // An interrupt may come after the bytes.
        parts.advance(bytes.position());
      }
      if (report != null) {
        report.add(new Step(Mechanisms.READ_WRITE, bytes.position(), ReportBuilder.UNKNOWN, null));
      }
      return bytes.position() == size || target.isBlocking() && bytes.position() > 0;
    } catch (ClosedByInterruptException e) {
      throw HeldPair.closeException(e, target, target);
    }
  }
}

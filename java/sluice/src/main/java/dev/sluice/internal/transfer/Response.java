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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parts that go to a socket in order, as one response. What lies in memory, and files that are so
 * small that copying them costs less than a call of their own, are gathered and sent by one call;
 * larger parts go by a transfer each. All but the last call tell the kernel that more follows: by
 * {@code MSG_MORE}, or, for a larger part before others, by a {@link Cork}.
 */
public final class Response {
  /**
   * A part of a file of so many bytes joins the bytes beside it. To copy 16 KiB takes as much CPU
   * time as a call of {@code sendfile}; docs/what-servers-call.md has the measurement.
   */
  private static final long JOINED_BYTES = 16 << 10;

  /** What is offered at a time to a channel that is not the JDK's own. */
  private static final int FOREIGN_BYTES = 64 << 10;

  private final List<ResponsePart> parts = new ArrayList<>();

  /** The part that is sent next, and how many of its bytes have been sent. */
  private int index;

  private long offset;
  private long remaining;
  private boolean isBegun;

  /** How many files the last gathering has read. */
  private int files;

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
    if (isBegun) {
      throw new IllegalStateException("a composite gets no more parts once a byte was sent");
    }
    remaining = Math.addExact(remaining, part.size);
    parts.add(part);
  }

  /** How many bytes have not been sent. */
  public long remaining() {
    return remaining;
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
    if (!isBegun) {
      for (ResponsePart part : parts) {
        part.ensureThere();
      }
    }
    long begun = remaining;
    Telling telling = Telling.of(terms);
    Terms limits = limits(terms);
    long most = terms == null ? Terms.NEVER : terms.everyBytes();
    ReportBuilder report = Explained.report();
    Cork cork = new Cork();
    try {
      boolean goesOn = true;
      while (goesOn && remaining > 0) {
        goesOn =
            isHeld ? sendHeld(target, most, limits, report, cork) : sendForeign(target, report);
        if (telling != null && telling.isDue(begun - remaining)) {
          telling.tell(begun - remaining);
        }
      }
    } finally {
      cork.release(target);
    }
    if (report != null) {
      report.ended(begun - remaining, remaining == 0 ? ReportEnding.COMPLETE : last);
    }
    if (telling != null) {
      telling.tell(begun - remaining);
    }
    return begun - remaining;
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
    for (ResponsePart part : parts) {
      if (!part.isHeld()) {
        return false;
      }
    }
    return true;
  }

  /** What binds each of the transfers that a response is made of. */
  private static @Nullable Terms limits(@Nullable Terms terms) {
    return terms == null || terms.limits() == null
        ? null
        : new Terms(null, terms.limits(), Terms.NEVER, null, false, false);
  }

  /** Notes that bytes were sent. */
  private void advance(long bytes) {
    isBegun |= bytes > 0;
    remaining -= bytes;
    offset += bytes;
    while (index < parts.size() && offset >= parts.get(index).size) {
      offset -= parts.get(index).size;
      index++;
    }
  }

  private boolean isGathered(ResponsePart part) {
    return part.isInMemory() || part.size <= JOINED_BYTES && parts.size() > 1 && part.isJoinable();
  }

  /**
   * Sends the next part, or the next parts that are gathered, by one transfer.
   *
   * @return whether the rest can be sent now
   */
  private boolean sendHeld(
      SocketChannel target,
      long most,
      @Nullable Terms limits,
      @Nullable ReportBuilder report,
      Cork cork)
      throws IOException {
    ResponsePart part = parts.get(index);
    GatheredEndpoint gathered = isGathered(part) ? new GatheredEndpoint(this) : null;
    long all = gathered != null ? gatheredBytes() : part.size - offset;
    long count = Math.min(all, most);
    Endpoint source = gathered != null ? gathered : part.source(offset);
    Ledger ledger = report == null ? null : Ledger.take();
    Transfer transfer = Transfer.of(source, Endpoints.target(target), count, ledger, limits);
    if (gathered == null && all < remaining) {
      // No call that sends a file can say that more follows.
      transfer.corkBy(cork);
    }
    try {
      transfer.run();
    } finally {
      advance(transfer.moved());
      if (ledger != null) {
        report(Objects.requireNonNull(report), gathered, transfer.moved(), ledger);
      }
    }
    transfer.result();
    last = transfer.reason().ending();
    return goesOn(transfer.reason(), count - transfer.moved());
  }

  private static void report(
      ReportBuilder report, @Nullable GatheredEndpoint gathered, long moved, Ledger ledger) {
    if (gathered != null) {
      report.add(new Step(Mechanisms.READ_WRITE, moved, gathered.calls, null));
    } else {
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

  /** The bytes from here on that are gathered. */
  private long gatheredBytes() {
    long bytes = -offset;
    for (int each = index; each < parts.size() && isGathered(parts.get(each)); each++) {
      bytes += parts.get(each).size;
    }
    return bytes;
  }

  /**
   * Copies the bytes that are sent next into a buffer, as many as it has room for.
   *
   * @param ahead how many bytes from here on are left out, because they have just been sent
   * @param count how many bytes at most
   * @return whether more bytes follow them
   */
  boolean gather(long ahead, long count, ByteBuffer target) throws IOException {
    target.limit((int) Math.min(target.capacity(), count));
    files = 0;
    int each = index;
    long from = offset + ahead;
    while (target.hasRemaining()) {
      ResponsePart part = parts.get(each);
      if (from < part.size) {
        int before = target.position();
        part.copy(from, target);
        files += part.isFile() ? 1 : 0;
        from += target.position() - before;
      } else {
        from -= part.size;
        each++;
      }
    }
    return remaining - ahead > target.position();
  }

  /** How many files the last gathering has read, each by one system call. */
  int filesOfLastGathering() {
    return files;
  }

  /** Sends by the channel's own method. */
  private boolean sendForeign(SocketChannel target, @Nullable ReportBuilder report)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FOREIGN_BYTES, remaining));
    try {
      gather(0, bytes.capacity(), bytes);
      int size = bytes.flip().remaining();
      try {
        target.write(bytes);
      } finally {
        // An interrupt may come after the bytes.
        advance(bytes.position());
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

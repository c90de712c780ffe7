package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The loop of a transfer from a source that cannot be read again: what was taken from it is stored
 * to the last byte, or told as stranded.
 */
final class TakeLoop {
  private final ReadableByteChannel source;
  private final Sink sink;

  /** The bytes that have left the source. */
  private long taken;

  private TakeLoop(ReadableByteChannel source, Sink sink) {
    this.source = source;
    this.sink = sink;
  }

  /** Moves bytes until the count is reached or the source gives nothing: how many have arrived. */
  static long run(ReadableByteChannel source, Sink sink, long count) throws IOException {
    TakeLoop taking = new TakeLoop(source, sink);
    try {
      taking.run(count);
      return sink.stored;
    } catch (IOException e) {
      if (taking.lacking() > 0) {
        throw stranded(e, sink.stored, taking.lacking());
      }
      boolean isToBeTold =
          e instanceof ForeignAnswer.Contradiction || e instanceof ClosedByInterruptException;
      if (sink.stored > 0 && !isToBeTold) {
        return sink.stored;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      if (taking.lacking() > 0) {
        e.addSuppressed(new StrandedBytesException(sink.stored, taking.lacking()));
      }
      throw e;
    }
  }

  /**
   * What a failure is told as that cost bytes. An exception of others may take nothing beside it.
   */
  private static IOException stranded(IOException failure, long stored, long stranded) {
    IOException told = failure;
    StrandedBytesException beside = new StrandedBytesException(stored, stranded);
    told.addSuppressed(beside);
    if (!Arrays.asList(told.getSuppressed()).contains(beside)) {
      told = new IOException(failure.toString(), failure);
      told.addSuppressed(beside);
    }
    return told;
  }

  /** The bytes that have left the source and have not arrived. */
  private long lacking() {
    return taken - sink.stored;
  }

  private void run(long asked) throws IOException {
    long count = sink.most(asked);
    try (ForeignBuffers buffers = ForeignBuffers.of(source, count)) {
      boolean goesOn = true;
      while (goesOn && taken < count) {
        int size = sink.next(buffers.size(Long.MAX_VALUE));
        goesOn = take((int) Math.min(size, count - taken), buffers);
      }
      sink.end();
    }
  }

  /** Whether there may be more. */
  private boolean take(int most, ForeignBuffers buffers) throws IOException {
    ByteBuffer lent = buffers.lent(most);
    ByteBuffer given = lent != null ? lent : ByteBuffer.wrap(buffers.bytes(most));
    // The position is looked at once, then the bytes before it are.
    ByteBuffer asked = given.duplicate();
    int answer;
    try {
      answer = source.read(asked);
    } catch (IOException | RuntimeException | Error e) {
      // A stream may fail after it has filled a part.
      storeBeside(e, given.limit(asked.position()), lent == null);
      throw e;
    }
    int size = given.limit();
    int filled = given.limit(asked.position()).limit();
    taken += filled;
    sink.take(given, lent == null);
    if (answer > filled) {
      taken += Math.min(answer, size) - filled;
    }
    ForeignAnswer.ensureGiven(source, answer, filled, size);
    if (filled == size) {
      buffers.grow();
    } else if (filled < size / 2) {
      buffers.halve();
    }
    return answer > 0;
  }

  private void storeBeside(Throwable failure, ByteBuffer given, boolean isShown) {
    taken += given.remaining();
    try {
      sink.take(given, isShown);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

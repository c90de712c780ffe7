package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The loop of a transfer from a source that cannot be read again. Every byte that was taken from
 * the source is stored, or told as stranded.
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

  /**
   * Moves bytes until the count is reached or the source gives nothing.
   *
   * @return the bytes that have reached the target
   */
  static long run(ReadableByteChannel source, Sink sink, long count) throws IOException {
    TakeLoop loop = new TakeLoop(source, sink);
    try {
      loop.run(count);
      return sink.storedBytes;
    } catch (IOException e) {
      if (loop.lacking() > 0) {
        throw stranded(e, sink.storedBytes, loop.lacking());
      }
      boolean isToBeTold =
          e instanceof ForeignAnswer.Contradiction || e instanceof ClosedByInterruptException;
      if (sink.storedBytes > 0 && !isToBeTold) {
        return sink.storedBytes;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      if (loop.lacking() > 0) {
        e.addSuppressed(new StrandedBytesException(sink.storedBytes, loop.lacking()));
      }
      throw e;
    }
  }

  /**
   * Adds the number of stranded bytes to a failure. An exception of foreign code may have
   * suppression disabled; it is then wrapped.
   */
  private static IOException stranded(IOException failure, long storedBytes, long stranded) {
    IOException told = failure;
    StrandedBytesException beside = new StrandedBytesException(storedBytes, stranded);
    told.addSuppressed(beside);
    if (!Arrays.asList(told.getSuppressed()).contains(beside)) {
      told = new IOException(failure.toString(), failure);
      told.addSuppressed(beside);
    }
    return told;
  }

  /** The bytes that have left the source and have not reached the target. */
  private long lacking() {
    return taken - sink.storedBytes;
  }

  private void run(long asked) throws IOException {
    long count = sink.capacity(asked);
    try (ForeignBuffers buffers = ForeignBuffers.of(source, count)) {
      boolean goesOn = true;
      while (goesOn && taken < count) {
        int size = sink.nextSize(buffers.size(Long.MAX_VALUE));
        goesOn = take((int) Math.min(size, count - taken), buffers);
      }
      sink.finish();
    }
  }

  /** Takes bytes from the source once and stores them, and answers whether there may be more. */
  private boolean take(int most, ForeignBuffers buffers) throws IOException {
    ByteBuffer lent = buffers.lent(most);
    ByteBuffer given = lent != null ? lent : ByteBuffer.wrap(buffers.bytes(most));
    // Foreign code may move the position later, so the position is read once, and the bytes before
    // it are stored.
    ByteBuffer asked = given.duplicate();
    int answer;
    try {
      answer = source.read(asked);
    } catch (IOException | RuntimeException | Error e) {
      // A stream may fail after it has filled a part of the buffer.
      storeBeside(e, given.limit(asked.position()), lent == null);
      throw e;
    }
    int size = given.limit();
    int filled = given.limit(asked.position()).limit();
    taken += filled;
    sink.store(given, lent == null);
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

  /**
   * Stores the bytes that a failed read has given. If that fails too, the second failure is
   * suppressed in the first.
   */
  private void storeBeside(Throwable failure, ByteBuffer given, boolean isShared) {
    taken += given.remaining();
    try {
      sink.store(given, isShared);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

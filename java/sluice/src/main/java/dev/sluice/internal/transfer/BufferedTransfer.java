package dev.sluice.internal.transfer;

import dev.sluice.StrandedBytesException;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.ForeignBuffers;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Transfers with channels that have no descriptor, through {@link ForeignBuffers}. The rules are
 * those of the JDK's own loop: it ends where a read gives nothing or a write takes less than it was
 * offered, and an exception after the first byte gives way to the count. But it does not where
 * bytes were taken from a source that cannot be read again and did not reach the target, which the
 * JDK loses; and the sum is made of the positions of the buffers, see {@link ForeignAnswer}.
 */
public final class BufferedTransfer {
  private BufferedTransfer() {}

  /** Where bytes come from that can be read again. */
  @FunctionalInterface
  public interface Pieces {
    /**
     * Makes an offer: a buffer that nobody else has, as large as what it holds.
     *
     * @param most the bytes it may hold
     * @param moved the bytes that were moved before
     * @param buffers where its memory comes from
     * @return null at the end
     */
    @Nullable ByteBuffer read(int most, long moved, ForeignBuffers buffers) throws IOException;
  }

  /** Where bytes go that cannot be read again: it takes all of them, or fails. */
  abstract static class Sink {
    /** The bytes that have arrived. */
    long stored;

    /** How many of {@code count} bytes it can take at all. */
    long most(long count) throws IOException {
      return count;
    }

    /** How many bytes, of {@code size}, it wants next. */
    int next(int size) {
      return size;
    }

    /**
     * Takes all of a buffer.
     *
     * @param isShown whether others may have it as well
     */
    abstract void take(ByteBuffer given, boolean isShown) throws IOException;

    /** There is no more. */
    void end() throws IOException {}
  }

  /** From a file to any channel. What the channel does not take is not lost: it is in the file. */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return new Offers(new FilePieces(source, position, count), target, count).run();
  }

  /** From any channel to a file. What was read is written to the last byte. */
  static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return takeAll(source, new FileSink(target, position), count);
  }

  /** From any channel to any. What was read of a stream is written to the last byte. */
  static long transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    if (source instanceof FileChannel file && file.size() > 0) {
      return fromPosition(file, target, count);
    }
    boolean isFile = NativeLoader.isAvailable() && Endpoints.isFile(target);
    Sink sink =
        isFile
            ? new FileSink((FileChannel) target, NativeTransfer.OWN_OFFSET)
            : new ForeignSink(target);
    return takeAll(source, sink, count);
  }

  /** From anything that can be read again to any channel. */
  public static long transferTo(Pieces source, WritableByteChannel target, long count)
      throws IOException {
    return new Offers(source, target, count).run();
  }

  private static long fromPosition(FileChannel file, WritableByteChannel target, long count)
      throws IOException {
    long position = file.position();
    boolean isOurs = NativeLoader.isAvailable() && Endpoints.isFile(file);
    Pieces pieces = isOurs ? new FilePieces(file, position, count) : foreign(file, position);
    Offers offers = new Offers(pieces, target, count);
    try {
      return offers.run();
    } finally {
      if (offers.moved > 0) {
        moveOn(file, position + offers.moved);
      }
    }
  }

  private static void moveOn(FileChannel file, long position) throws IOException {
    try {
      file.position(position);
    } catch (ClosedChannelException e) {
      // Closed by the target or another thread: it has no position any more.
    }
  }

  /** A file of another provider: its buffer is not shown to the target. */
  private static Pieces foreign(FileChannel file, long position) {
    return (most, moved, buffers) -> {
      byte[] shown = buffers.bytes(most);
      ByteBuffer asked = ByteBuffer.wrap(shown);
      int answer = file.read(asked, position + moved);
      int given = asked.position();
      ForeignAnswer.ensureGiven(file, answer, given, shown.length);
      return given == 0 ? null : ByteBuffer.wrap(Arrays.copyOf(shown, given));
    };
  }

  /** One transfer from what can be read again. */
  private static final class Offers {
    private final Pieces source;
    private final WritableByteChannel target;
    private final long count;
    private long moved;

    Offers(Pieces source, WritableByteChannel target, long count) {
      this.source = source;
      this.target = target;
      this.count = count;
    }

    long run() throws IOException {
      try (ForeignBuffers buffers = ForeignBuffers.of(target, count)) {
        boolean goesOn = true;
        while (goesOn && moved < count) {
          ByteBuffer offered = source.read(buffers.size(count - moved), moved, buffers);
          goesOn = offered != null && offer(offered, buffers);
        }
        return moved;
      } catch (ForeignAnswer.Contradiction e) {
        throw e;
      } catch (IOException e) {
        if (moved > 0 && !(e instanceof ClosedByInterruptException)) {
          return moved;
        }
        throw e;
      }
    }

    /** Whether the target may take more. */
    private boolean offer(ByteBuffer offered, ForeignBuffers buffers) throws IOException {
      int size = offered.limit();
      int taken = ForeignAnswer.write(target, offered);
      moved += taken;
      if (taken == size) {
        buffers.grow();
        return true;
      }
      // A target may take no more than so much at once, which the JDK's loop offers less than: it
      // is full when it does not take that.
      buffers.shrink();
      return taken >= ForeignBuffers.SMALL && size > ForeignBuffers.SMALL;
    }
  }

  /** Writes all that it is given to a channel that is not ours. */
  private static final class ForeignSink extends Sink {
    private final WritableByteChannel target;

    ForeignSink(WritableByteChannel target) {
      this.target = target;
    }

    @Override
    void take(ByteBuffer given, boolean isShown) throws IOException {
      int size = given.remaining();
      while (given.hasRemaining()) {
        int start = given.position();
        byte[] bytes = ForeignBuffers.take(given, Math.min(size, given.remaining()));
        int taken = ForeignAnswer.write(target, ByteBuffer.wrap(bytes));
        if (taken == 0) {
          throw new IOException("the target is in non-blocking mode and full");
        }
        stored += taken;
        given.position(start + taken);
        if (taken < bytes.length) {
          size = ForeignBuffers.SMALL;
        }
      }
    }
  }

  private static long takeAll(ReadableByteChannel source, Sink sink, long count)
      throws IOException {
    Taking taking = new Taking(source, sink);
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

  /** One transfer from what cannot be read again. */
  private static final class Taking {
    private final ReadableByteChannel source;
    private final Sink sink;

    /** The bytes that have left the source. */
    private long taken;

    Taking(ReadableByteChannel source, Sink sink) {
      this.source = source;
      this.sink = sink;
    }

    /** The bytes that have left the source and have not arrived. */
    long lacking() {
      return taken - sink.stored;
    }

    void run(long asked) throws IOException {
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
}

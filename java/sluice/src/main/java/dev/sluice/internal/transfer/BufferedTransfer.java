package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.channel.ForeignBuffers;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * Transfers with channels that have no descriptor, through {@link ForeignBuffers}. The rules are
 * those of the JDK's own loop: it ends where a read gives nothing or a write takes less than it was
 * offered, and an exception after the first byte gives way to the count. But it does not where
 * bytes were taken from a source that cannot be read again and did not reach the target, which the
 * JDK loses; and the sum is made of the positions of the buffers, see {@link ForeignAnswer}.
 */
public final class BufferedTransfer {
  private BufferedTransfer() {}

  /** From a file to any channel. What the channel does not take is not lost: it is in the file. */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return new OfferLoop(new FileSource(source, position, count), target, count).run();
  }

  /** From any channel to a file. What was read is written to the last byte. */
  static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return TakeLoop.run(source, new FileSink(target, position), count);
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
    return TakeLoop.run(source, sink, count);
  }

  /** From anything that can be read again to any channel. */
  public static long transferTo(RereadableSource source, WritableByteChannel target, long count)
      throws IOException {
    return new OfferLoop(source, target, count).run();
  }

  private static long fromPosition(FileChannel file, WritableByteChannel target, long count)
      throws IOException {
    long position = file.position();
    boolean isOurs = NativeLoader.isAvailable() && Endpoints.isFile(file);
    RereadableSource pieces =
        isOurs ? new FileSource(file, position, count) : foreign(file, position);
    OfferLoop offers = new OfferLoop(pieces, target, count);
    try {
      return offers.run();
    } finally {
      if (offers.moved() > 0) {
        moveOn(file, position + offers.moved());
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
  private static RereadableSource foreign(FileChannel file, long position) {
    return (most, moved, buffers) -> {
      byte[] shown = buffers.bytes(most);
      ByteBuffer asked = ByteBuffer.wrap(shown);
      int answer = file.read(asked, position + moved);
      int given = asked.position();
      ForeignAnswer.ensureGiven(file, answer, given, shown.length);
      return given == 0 ? null : ByteBuffer.wrap(Arrays.copyOf(shown, given));
    };
  }
}

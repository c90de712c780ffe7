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
 * Transfers with channels that have no descriptor, through {@link ForeignBuffers}.
 *
 * <p>The rules are those of the JDK's own loop. The loop ends when a read gives nothing or a write
 * takes less than it was offered. After the first byte, the caller gets the count instead of an
 * exception.
 *
 * <p>Two rules differ. If bytes left a source that cannot be read again and did not reach the
 * target, the exception is thrown; the JDK loses these bytes. And the count is the sum of the
 * buffers' positions, not of the channels' answers, see {@link ForeignAnswer}.
 */
public final class BufferedTransfer {
  private BufferedTransfer() {}

  /**
   * Moves bytes from a file to any channel. Bytes that the channel does not take are not lost: they
   * are still in the file.
   */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return new OfferLoop(new FileSource(source, position, count), target, count).run();
  }

  /** Moves bytes from any channel to a file. Every byte that was read is written. */
  static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return TakeLoop.run(source, new FileSink(target, position), count);
  }

  /**
   * Moves bytes from any channel to any other. Every byte that was read from a stream is written.
   */
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

  /** Moves bytes from a source that can be read again to any channel. */
  public static long transferTo(RereadableSource source, WritableByteChannel target, long count)
      throws IOException {
    return new OfferLoop(source, target, count).run();
  }

  private static long fromPosition(FileChannel file, WritableByteChannel target, long count)
      throws IOException {
    long position = file.position();
    boolean isOurs = NativeLoader.isAvailable() && Endpoints.isFile(file);
    RereadableSource pieces =
        isOurs ? new FileSource(file, position, count) : foreignFile(file, position);
    OfferLoop offers = new OfferLoop(pieces, target, count);
    try {
      return offers.run();
    } finally {
      if (offers.moved() > 0) {
        setPosition(file, position + offers.moved());
      }
    }
  }

  private static void setPosition(FileChannel file, long position) throws IOException {
    try {
      file.position(position);
    } catch (ClosedChannelException e) {
      // The target or another thread closed the file, which therefore has no position any more.
    }
  }

  /**
   * Makes a source of another provider's file. The target never sees the buffer that the file
   * filled.
   */
  private static RereadableSource foreignFile(FileChannel file, long position) {
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

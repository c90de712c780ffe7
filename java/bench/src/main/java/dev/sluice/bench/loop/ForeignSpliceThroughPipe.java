package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code splice} from a stream into a pipe of its own, and out of it to a file or a stream, called
 * through the linker of the JDK.
 */
final class ForeignSpliceThroughPipe extends PipeLoop {
  private static final long PIPE_BYTES = 1 << 20;

  private final Foreign.Errno errno = new Foreign.Errno();
  private final ByteBuffer offset = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private final long pointer;

  /** One whose target is a file, written from its beginning on, or a stream. */
  ForeignSpliceThroughPipe(boolean toFile) {
    pointer = toFile ? Foreign.address(offset) : Foreign.NULL;
  }

  @Override
  void run(OpenChannels channels, OwnPipe pipe, long region, long piece) throws IOException {
    offset.putLong(0, 0);
    for (long start = 0; start < region; start += piece) {
      piece(
          channels.sourceDescriptor(),
          pipe,
          Math.min(piece, region - start),
          channels.targetDescriptor());
    }
  }

  private void piece(int source, OwnPipe pipe, long count, int target) throws IOException {
    for (long left = count; left > 0; ) {
      long got =
          splice(source, Foreign.NULL, pipe.writer, Foreign.NULL, Math.min(left, PIPE_BYTES));
      for (long held = got; held > 0; ) {
        held -= splice(pipe.reader, Foreign.NULL, target, pointer, held);
      }
      left -= got;
    }
  }

  private long splice(int source, long from, int target, long to, long count) throws IOException {
    long answer;
    try {
      answer =
          (long)
              Foreign.SPLICE.invokeExact(
                  errno.segment, source, from, target, to, count, Foreign.SPLICE_F_MOVE);
    } catch (Throwable e) {
      throw Foreign.unexpected(e);
    }
    return Loop.progress(errno.checked("splice", answer));
  }
}

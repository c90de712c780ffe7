package dev.sluice.bench.linker;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.OwnPipe;
import dev.sluice.bench.loop.PipeLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code splice} from a stream into a pipe of its own, and out of it to a file or a stream, called
 * through the linker of the JDK.
 */
final class LinkerSpliceThroughPipe extends PipeLoop {
  private static final long PIPE_BYTES = 1 << 20;

  private final CapturedErrno errno = new CapturedErrno();
  private final ByteBuffer offset = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private final long pointer;

  /** A loop whose target is a file, written from its beginning on, or a stream. */
  LinkerSpliceThroughPipe(boolean toFile) {
    pointer = toFile ? Linker.address(offset) : Linker.NULL;
  }

  @Override
  protected void run(OpenChannels channels, OwnPipe pipe, long region, long piece)
      throws IOException {
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
      long got = splice(source, Linker.NULL, pipe.writer, Linker.NULL, Math.min(left, PIPE_BYTES));
      for (long held = got; held > 0; ) {
        held -= splice(pipe.reader, Linker.NULL, target, pointer, held);
      }
      left -= got;
    }
  }

  private long splice(int source, long from, int target, long to, long count) throws IOException {
    long answer;
    try {
      answer =
          (long)
              Linker.SPLICE.invokeExact(
                  errno.segment, source, from, target, to, count, Linker.SPLICE_F_MOVE);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
    return Loop.progress(errno.checked("splice", answer));
  }
}

package dev.sluice.bench.linker;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * {@code recv} and {@code pwrite} through a direct buffer, which is kept, called through the linker
 * of the JDK.
 */
final class LinkerReceiveAndWrite implements Loop {
  private static final int PAGE_BYTES = 4096;
  private static final int NO_FLAGS = 0;

  private final CapturedErrno errno = new CapturedErrno();
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(Loop.BUFFER_BYTES + PAGE_BYTES).alignedSlice(PAGE_BYTES);
  private final long pointer = Linker.address(buffer);

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(
          channels.sourceDescriptor(),
          start,
          Math.min(start + piece, region),
          channels.targetDescriptor());
    }
  }

  private void piece(int source, long start, long end, int target) throws IOException {
    for (long at = start; at < end; ) {
      long got = receive(source, Math.min(end - at, Loop.BUFFER_BYTES));
      for (long done = 0; done < got; ) {
        done += write(target, pointer + done, got - done, at + done);
      }
      at += got;
    }
  }

  private long receive(int source, long count) throws IOException {
    long answer;
    try {
      answer = (long) Linker.RECV.invokeExact(errno.segment, source, pointer, count, NO_FLAGS);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
    return Loop.progress(errno.checked("recv", answer));
  }

  private long write(int target, long from, long count, long position) throws IOException {
    long answer;
    try {
      answer = (long) Linker.PWRITE.invokeExact(errno.segment, target, from, count, position);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
    return Loop.progress(errno.checked("pwrite", answer));
  }
}

package dev.sluice.bench.linker;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A system call with an offset in one file, called through the linker of the JDK. */
abstract class LinkerLoop implements Loop {
  private final String name;
  private final CapturedErrno errno = new CapturedErrno();
  private final ByteBuffer offset = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

  /** The address of the offset, which the call advances. */
  final long pointer = Linker.address(offset);

  LinkerLoop(String name) {
    this.name = name;
  }

  /** Makes the call from the offset on, and returns its answer. */
  abstract long call(Object errno, int source, long count, int target) throws Throwable;

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
      offset.putLong(0, at);
      at += Loop.progress(errno.checked(name, answer(source, end - at, target)));
    }
  }

  private long answer(int source, long count, int target) {
    try {
      return call(errno.segment, source, count, target);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
  }
}

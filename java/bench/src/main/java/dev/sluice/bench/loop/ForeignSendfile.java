package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code sendfile}, called through the linker of the JDK. */
final class ForeignSendfile implements Loop {
  private final ByteBuffer offset = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private final long pointer = Foreign.address(offset);

  @Override
  public void run(Ends ends, long region, long piece) throws IOException {
    for (long start = 0; start < region; start += piece) {
      piece(
          ends.sourceDescriptor(), start, Math.min(start + piece, region), ends.targetDescriptor());
    }
  }

  private void piece(int source, long start, long end, int target) throws IOException {
    for (long at = start; at < end; ) {
      offset.putLong(0, at);
      at += Loop.progress(Foreign.checked("sendfile", call(source, end - at, target)));
    }
  }

  private long call(int source, long count, int target) {
    try {
      return (long) Foreign.SENDFILE.invokeExact(target, source, pointer, count);
    } catch (Throwable e) {
      throw Foreign.unexpected(e);
    }
  }
}

package dev.sluice.bench.linker;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.ResponseHeads;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A head by {@code send} and the rest by {@code sendfile}, called through the linker of the JDK.
 */
final class LinkerResponse implements Loop {
  /** {@code MSG_NOSIGNAL}: a closed connection is an errno. */
  private static final int NO_SIGNAL = 0x4000;

  /** {@code MSG_MORE}: more bytes follow at once. */
  private static final int MORE = 0x8000;

  private final ResponseHeads heads = new ResponseHeads();
  private final CapturedErrno errno = new CapturedErrno();
  private final LinkerCall sendfile = new LinkerCall();
  private ByteBuffer addressed = heads.all();
  private long address = Linker.address(addressed);

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    heads.read(channels.sourceFile(), region, piece);
    if (heads.all() != addressed) {
      addressed = heads.all();
      address = Linker.address(addressed);
    }
    for (long start = 0; start < region; start += piece) {
      piece(
          address + heads.of(start, region).position(),
          channels.sourceDescriptor(),
          start,
          Math.min(start + piece, region),
          channels.targetDescriptor());
    }
  }

  private void piece(long head, int source, long start, long end, int target) throws IOException {
    long rest = start + Math.min(ResponseHeads.BYTES, end - start);
    int flags = rest < end ? NO_SIGNAL | MORE : NO_SIGNAL;
    for (long at = start; at < rest; ) {
      at += send(target, head + at - start, rest - at, flags);
    }
    for (long at = rest; at < end; ) {
      at += Loop.progress(sendfile.call(source, at, end - at, target));
    }
  }

  private long send(int target, long from, long count, int flags) throws IOException {
    long answer;
    try {
      answer = (long) Linker.SEND.invokeExact(errno.segment, target, from, count, flags);
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
    return Loop.progress(errno.checked("send", answer));
  }
}

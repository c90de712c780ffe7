package dev.sluice.bench.linker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Single {@code sendfile} calls through the linker of the JDK. */
public final class LinkerCall {
  private final CapturedErrno errno = new CapturedErrno();
  private final ByteBuffer offset = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
  private final long pointer = Linker.address(offset);

  /** Makes one call, and answers the bytes that it moved. */
  public long call(int source, long position, long count, int target) throws IOException {
    offset.putLong(0, position);
    try {
      return errno.checked(
          "sendfile",
          (long) Linker.SENDFILE.invokeExact(errno.segment, target, source, pointer, count));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Linker.unexpected(e);
    }
  }
}

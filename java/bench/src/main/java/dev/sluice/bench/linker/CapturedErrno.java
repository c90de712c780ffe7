package dev.sluice.bench.linker;

import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the linker's calls of one thread leave their {@code errno}. The segment is the first
 * argument of each call.
 */
final class CapturedErrno {
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(Linker.stateBytes()).order(ByteOrder.nativeOrder());

  /** The memory as a segment, which the calls take. */
  final Object segment;

  CapturedErrno() {
    try {
      segment = Linker.segment(bytes);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("java.lang.foreign", e);
    }
  }

  /** The answer of the call that was made last. */
  long checked(String call, long answer) throws IOException {
    return answer >= 0
        ? answer
        : NativeLibrary.checked(call + " through the linker", -(long) bytes.getInt(0));
  }
}

package dev.sluice.internal;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Bytes in and out of a mapping, copied by the kernel: a page that is gone is an exception. */
final class DirectCopy {
  private DirectCopy() {}

  /** Makes an exception of an error that was answered for the byte at an offset. */
  interface Failure {
    IOException of(long answer, long offset) throws IOException;
  }

  /** Copies as much as a direct buffer has left, and moves its position. */
  static void run(Mapping mapping, long offset, ByteBuffer buffer, boolean isRead, Failure failure)
      throws IOException {
    long address = Native.address0(buffer) + buffer.position();
    int length = buffer.remaining();
    try {
      for (long done = 0; done < length; ) {
        long answer =
            isRead
                ? mapping.read(offset + done, address + done, length - done)
                : mapping.write(offset + done, address + done, length - done);
        if (answer <= 0) {
          throw failure.of(answer, offset + done);
        }
        done += answer;
      }
    } finally {
      Reference.reachabilityFence(buffer);
    }
    buffer.position(buffer.limit());
  }

  /** The same for a buffer on the heap, through pooled direct ones. */
  static void runOnHeap(
      Mapping mapping, long offset, ByteBuffer buffer, boolean isRead, Failure failure)
      throws IOException {
    ByteBuffer between = DirectBuffers.BRIEF.takeAny();
    try {
      for (long at = offset; buffer.hasRemaining(); at += between.limit()) {
        int length = Math.min(buffer.remaining(), between.capacity());
        between.clear().limit(length);
        if (isRead) {
          run(mapping, at, between, true, failure);
          buffer.put(between.flip());
        } else {
          between.put(buffer.duplicate().limit(buffer.position() + length));
          run(mapping, at, between.flip(), false, failure);
          buffer.position(buffer.position() + length);
        }
      }
    } finally {
      DirectBuffers.BRIEF.give(between);
    }
  }
}

package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.Endpoint;
import java.nio.ByteBuffer;

/** Bytes of a program's memory in a {@link Response}. */
final class MemoryPart extends ResponsePart {
  private final ByteBuffer bytes;

  /** A part of all bytes of a buffer that nobody else moves. */
  MemoryPart(ByteBuffer bytes) {
    super(bytes.capacity());
    this.bytes = bytes;
  }

  @Override
  protected void copy(long offset, ByteBuffer target, long address) {
    int count = (int) Math.min(target.remaining(), size - offset);
    int at = target.position();
    target.put(at, bytes, (int) offset, count).position(at + count);
  }

  @Override
  protected boolean isInMemory() {
    return true;
  }

  @Override
  protected Endpoint source(long offset) {
    throw new UnsupportedOperationException("bytes in memory are copied");
  }
}

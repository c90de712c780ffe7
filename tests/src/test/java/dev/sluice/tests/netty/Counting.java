package dev.sluice.tests.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Counts the buffers of another allocator. */
final class Counting extends AbstractByteBufAllocator {
  private final ByteBufAllocator allocator;
  volatile int buffers;

  Counting(ByteBufAllocator allocator) {
    super(true);
    this.allocator = allocator;
  }

  private synchronized void count() {
    buffers++;
  }

  @Override
  protected ByteBuf newHeapBuffer(int capacity, int most) {
    count();
    return allocator.heapBuffer(capacity, most);
  }

  @Override
  protected ByteBuf newDirectBuffer(int capacity, int most) {
    count();
    return allocator.directBuffer(capacity, most);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return allocator.isDirectBufferPooled();
  }
}

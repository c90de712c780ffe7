package dev.sluice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * The allocator of a channel whose bytes go by the kernel. Netty asks it for a buffer when the
 * socket has bytes, in the event loop, before it reads: that is when they are moved. Then Netty is
 * kept from reading by an exception, which it fires at the channel's first handler, whose own it
 * is. Where there was nothing to move, Netty gets its buffer, and finds the end of the stream, its
 * error, or bytes that came in between.
 *
 * <p>What is written to the channel meanwhile may allocate by it as well. The mover tells whether a
 * buffer is wanted for reading.
 */
final class ReadHook implements ByteBufAllocator {
  /** Netty fires it at the first handler. It says nothing but that the bytes have been moved. */
  static final RuntimeException MOVED = new Moved();

  /** What moves the bytes. */
  interface Mover {
    /** Moves what there is, and answers whether Netty is not to read. */
    boolean move();
  }

  private static final class Moved extends RuntimeException {
    private static final long serialVersionUID = 1;

    Moved() {
      super("bytes were moved", null, false, false);
    }
  }

  private final ByteBufAllocator allocator;
  private final Mover mover;

  ReadHook(ByteBufAllocator allocator, Mover mover) {
    this.allocator = allocator;
    this.mover = mover;
  }

  private void move() {
    if (mover.move()) {
      throw MOVED;
    }
  }

  @Override
  public ByteBuf ioBuffer() {
    move();
    return allocator.ioBuffer();
  }

  @Override
  public ByteBuf ioBuffer(int capacity) {
    move();
    return allocator.ioBuffer(capacity);
  }

  @Override
  public ByteBuf ioBuffer(int capacity, int most) {
    move();
    return allocator.ioBuffer(capacity, most);
  }

  @Override
  public ByteBuf directBuffer() {
    move();
    return allocator.directBuffer();
  }

  @Override
  public ByteBuf directBuffer(int capacity) {
    move();
    return allocator.directBuffer(capacity);
  }

  @Override
  public ByteBuf directBuffer(int capacity, int most) {
    move();
    return allocator.directBuffer(capacity, most);
  }

  @Override
  public ByteBuf buffer() {
    return allocator.buffer();
  }

  @Override
  public ByteBuf buffer(int capacity) {
    return allocator.buffer(capacity);
  }

  @Override
  public ByteBuf buffer(int capacity, int most) {
    return allocator.buffer(capacity, most);
  }

  @Override
  public ByteBuf heapBuffer() {
    return allocator.heapBuffer();
  }

  @Override
  public ByteBuf heapBuffer(int capacity) {
    return allocator.heapBuffer(capacity);
  }

  @Override
  public ByteBuf heapBuffer(int capacity, int most) {
    return allocator.heapBuffer(capacity, most);
  }

  @Override
  public CompositeByteBuf compositeBuffer() {
    return allocator.compositeBuffer();
  }

  @Override
  public CompositeByteBuf compositeBuffer(int most) {
    return allocator.compositeBuffer(most);
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer() {
    return allocator.compositeHeapBuffer();
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer(int most) {
    return allocator.compositeHeapBuffer(most);
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer() {
    return allocator.compositeDirectBuffer();
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer(int most) {
    return allocator.compositeDirectBuffer(most);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return allocator.isDirectBufferPooled();
  }

  @Override
  public int calculateNewCapacity(int least, int most) {
    return allocator.calculateNewCapacity(least, most);
  }
}

package dev.sluice.internal;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/** Buffers over mappings, which keep the addresses from being given back. */
final class MappedBuffers {
  private MappedBuffers() {}

  /** A buffer over a part of a mapping. */
  static MappedByteBuffer of(Mapping mapping, long offset, int length, boolean readOnly) {
    mapping.retain();
    if (JdkMemory.BUFFERS) {
      return JdkMemory.buffer(mapping.address + offset, length, mapping::release, readOnly);
    }
    ByteBuffer buffer = Native.buffer0(mapping.address + offset, length);
    Mapping.CLEANER.register(buffer, mapping::release);
    return (MappedByteBuffer) (readOnly ? buffer.asReadOnlyBuffer() : buffer);
  }

  /** One of no bytes. */
  static MappedByteBuffer empty(boolean readOnly) {
    ByteBuffer none = ByteBuffer.allocateDirect(0);
    return (MappedByteBuffer) (readOnly ? none.asReadOnlyBuffer() : none);
  }
}

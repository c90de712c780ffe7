package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMapping;
import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.jdk.MappedBufferMaker;
import dev.sluice.internal.load.Fallback;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** Makes buffers over mappings. A buffer keeps the addresses it lies over from being given back. */
public final class MappedBuffers {
  private MappedBuffers() {}

  /**
   * Returns what {@code channel.map(mode, position, size)} returns. That method itself is called
   * for other providers' channels, for modes that a JDK adds, and where the JDK's mapped buffers
   * cannot be made.
   */
  public static MappedByteBuffer map(FileChannel channel, MapMode mode, long position, long size)
      throws IOException {
    boolean isLoaded = NativeLoader.isAvailable();
    if (!isLoaded) {
      Fallback.tell();
    }
    boolean isServed =
        isLoaded
            && MappedBufferMaker.FOUND
            && Endpoints.isFile(channel)
            && Endpoints.canHoldFiles()
            && MapRequest.isKnown(mode);
    if (!isServed) {
      return channel.map(mode, position, size);
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Size exceeds Integer.MAX_VALUE");
    }
    MapRequest.check(channel, mode, position, size, 0);
    MapRequest file =
        new MapRequest(new MappableFile.OfChannel(channel, false), mode, position, 0, "the file");
    file.extend(size);
    if (size == 0) {
      return empty(file.isReadOnly());
    }
    long handle = file.handle(size);
    // The buffer is the only user of the addresses, so that Unsafe.invokeCleaner unmaps them.
    MappingAddresses addresses = new MappingAddresses(handle, size, false, null);
    boolean isOwned = false;
    try {
      long address = NativeMapping.mappedAddress(handle);
      MappedByteBuffer buffer =
          MappedBufferMaker.buffer(address, (int) size, addresses, file.isReadOnly());
      isOwned = true;
      return buffer;
    } finally {
      if (!isOwned) {
        addresses.run();
      }
    }
  }

  /** A buffer over a part of a mapping. */
  static MappedByteBuffer of(Mapping mapping, long offset, int length, boolean readOnly) {
    long address = mapping.address + offset;
    if (MappedBufferMaker.FOUND) {
      return MappedBufferMaker.buffer(address, length, mapping.retain(), readOnly);
    }
    ByteBuffer buffer = NativeMemory.buffer(address, length);
    mapping.keepFor(buffer);
    return (MappedByteBuffer) (readOnly ? buffer.asReadOnlyBuffer() : buffer);
  }

  /** A buffer of no bytes. */
  static MappedByteBuffer empty(boolean readOnly) {
    if (MappedBufferMaker.FOUND) {
      return MappedBufferMaker.buffer(0, 0, null, readOnly);
    }
    ByteBuffer none = ByteBuffer.allocateDirect(0);
    return (MappedByteBuffer) (readOnly ? none.asReadOnlyBuffer() : none);
  }
}

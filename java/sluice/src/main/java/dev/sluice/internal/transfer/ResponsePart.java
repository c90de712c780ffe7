package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** One part of a {@link Response}. */
public abstract class ResponsePart {
  /** Stands for the address of a buffer that is none of Sluice's direct buffers. */
  static final long ON_HEAP = 0;

  /** How many bytes the part has. */
  final long size;

  /** How many bytes the part has. */
  protected final long size() {
    return size;
  }

  /** Makes a part. */
  protected ResponsePart(long size) {
    this.size = size;
  }

  /**
   * Checks what the kernel need not be asked for, before the first byte of the response is sent.
   */
  protected void ensureUsable() throws IOException {}

  /**
   * Checks that all bytes are there, before the first byte of the response is sent, unless {@link
   * #copy} has told so by then.
   *
   * @throws IOException if bytes are missing; the message says how many
   */
  protected void ensureThere() throws IOException {}

  /**
   * Copies bytes into a buffer of Sluice's own, until the buffer is full or the part ends. A
   * channel's guards are held meanwhile.
   *
   * @param offset within the part
   * @param address of the buffer's first byte, or {@link #ON_HEAP}
   * @throws IOException if bytes are missing
   */
  protected abstract void copy(long offset, ByteBuffer target, long address) throws IOException;

  /** Whether the part can be read while a channel's guards are held. */
  protected boolean isHeld() {
    return true;
  }

  /** Whether the bytes may be copied to any place of a buffer. */
  protected boolean isJoinable() {
    return true;
  }

  /** Whether {@link #copy} makes a system call. */
  protected boolean isFile() {
    return false;
  }

  /** Whether the part is bytes of the program's memory, which are always copied. */
  protected abstract boolean isInMemory();

  /**
   * The end of a transfer that sends the bytes from an offset on, of a part that is not in memory.
   */
  protected abstract Endpoint source(long offset);

  /** A part of a program's buffer, whose position and limit stay as they are. */
  static ResponsePart ofBuffer(ByteBuffer buffer) {
    return new MemoryPart(buffer.slice());
  }

  /** A part of a file. */
  static ResponsePart ofFile(FileChannel file, long position, long count) {
    return new FilePart(file, position, count);
  }
}

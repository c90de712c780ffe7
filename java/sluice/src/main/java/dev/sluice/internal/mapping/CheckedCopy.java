package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.NativeMemory;
import dev.sluice.internal.jdk.ValueKind;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies bytes in and out of a region. A page that is not there becomes an {@link IOException}.
 *
 * <p>The JVM itself copies the bytes, at the speed of memory. If a page is gone, HotSpot throws an
 * {@link InternalError}, but late: when a native returns at the latest, or, in JDK 17, when the
 * thread next enters the VM. {@code letErrorsIn} therefore does one or the other after each piece,
 * within the {@code try}.
 *
 * <p>The kernel then copies the failed piece once more, and tells which byte is missing. If the
 * kernel finds no byte missing, the error belongs to an earlier access of this thread, or the page
 * has come back. The exception then says so, with the error as its cause.
 */
public final class CheckedCopy {
  private static final boolean IS_ERROR_PROMPT = Runtime.version().feature() >= 21;

  /** The bytes of one piece. The JVM may stop the thread between two pieces. */
  private static final int PIECE_BYTES = 1 << 20;

  /**
   * The length of the arrays. If it were a constant, the compiler would make the arrays without a
   * call of the VM.
   */
  private static volatile int arrayLength = 1;

  /** Keeps the compiler from leaving the arrays out. Never read. */
  static @Nullable Object entered;

  private CheckedCopy() {}

  /** Lets HotSpot throw an error that the thread is owed. */
  private static void letErrorsIn() {
    if (IS_ERROR_PROMPT) {
      NativeMemory.returnToJava();
    } else {
      // The VM itself makes an array of arrays, for interpreted code and for the code of both
      // compilers.
      entered = new int[arrayLength][arrayLength];
    }
  }

  /** Copies bytes of a region into an array. */
  public static void read(
      RegionPart region, Accessor accessor, long offset, byte[] target, int start, int length)
      throws IOException {
    Objects.checkFromIndexSize(start, length, target.length);
    run(region, accessor, offset, target, start, length, true);
  }

  /** Copies bytes of a region into a buffer until the buffer is full. */
  public static void read(RegionPart region, Accessor accessor, long offset, ByteBuffer target)
      throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    run(region, accessor, offset, target, true);
  }

  /** Copies bytes of an array into a region. */
  public static void write(
      RegionPart region, Accessor accessor, long offset, byte[] source, int start, int length)
      throws IOException {
    Objects.checkFromIndexSize(start, length, source.length);
    region.ensureWritable();
    run(region, accessor, offset, source, start, length, false);
  }

  /** Copies the remaining bytes of a buffer into a region. */
  public static void write(RegionPart region, Accessor accessor, long offset, ByteBuffer source)
      throws IOException {
    region.ensureWritable();
    run(region, accessor, offset, source, false);
  }

  /** Copies bytes into a part of an array, or out of it. The caller has checked the part. */
  private static void run(
      RegionPart region,
      Accessor accessor,
      long offset,
      byte[] array,
      int at,
      int length,
      boolean isRead)
      throws IOException {
    try {
      if (isRead) {
        accessor.get(ValueKind.BYTES, offset, array, at, length);
      } else {
        accessor.put(ValueKind.BYTES, offset, array, at, length);
      }
      letErrorsIn();
    } catch (InternalError e) {
      retryByKernel(region, offset, ByteBuffer.wrap(array, at, length), isRead, e);
    }
  }

  /**
   * Copies bytes until a buffer is full, or the remaining bytes of a buffer, and moves its
   * position.
   */
  static void run(
      RegionPart region, Accessor accessor, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    int length = buffer.remaining();
    if (buffer.hasArray()) {
      int at = buffer.arrayOffset() + buffer.position();
      run(region, accessor, offset, buffer.array(), at, length, isRead);
      buffer.position(buffer.limit());
    } else if (buffer.isDirect()) {
      byAccessor(region, accessor, offset, buffer, isRead);
    } else {
      byKernel(region, offset, buffer, isRead);
    }
  }

  private static void byAccessor(
      RegionPart region, Accessor accessor, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    int end = buffer.limit();
    region.checkedMapping(offset, buffer.remaining());
    for (long at = offset; buffer.position() < end; ) {
      int some = Math.min(end - buffer.position(), PIECE_BYTES);
      ByteBuffer piece = buffer.duplicate();
      piece.limit(piece.position() + some);
      try {
        if (isRead) {
          accessor.get(at, piece);
        } else {
          accessor.put(at, piece);
        }
        letErrorsIn();
      } catch (InternalError e) {
        retryByKernel(region, at, piece, isRead, e);
      }
      buffer.position(buffer.position() + some);
      at += some;
    }
  }

  /**
   * Copies a piece once more by the kernel. If the kernel finds the missing byte, its exception is
   * thrown; if not, an exception with the JVM's error as its cause.
   */
  private static void retryByKernel(
      RegionPart region, long offset, ByteBuffer piece, boolean isRead, InternalError e)
      throws IOException {
    byKernel(region, offset, piece, isRead);
    throw new IOException(
        "mapped memory was not there when this thread used it, before or in this call", e);
  }

  private static void byKernel(RegionPart region, long offset, ByteBuffer piece, boolean isRead)
      throws IOException {
    region.checkedMapping(offset, piece.remaining());
    byKernel(region, null, offset, piece, isRead);
  }

  /**
   * Copies bytes by the kernel until a buffer is full, or the remaining bytes of a buffer, and
   * moves its position.
   *
   * @param fixed the mapping to use, so that a resize ends the copy; or null for the mapping that
   *     the region has now
   */
  static void byKernel(
      RegionPart region, @Nullable Mapping fixed, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    if (buffer.isDirect()) {
      direct(region, fixed, offset, buffer, isRead);
    } else {
      onHeap(region, fixed, offset, buffer, isRead);
    }
  }

  private static void direct(
      RegionPart region, @Nullable Mapping fixed, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    long address = NativeMemory.address(buffer) + buffer.position();
    int length = buffer.remaining();
    try {
      for (long done = 0; done < length; ) {
        Mapping now = fixed == null ? region.checkedMapping(offset + done, length - done) : fixed;
        if (now == null) {
          break;
        }
        long place = region.mappingOffset(offset + done);
        long answer =
            isRead
                ? now.read(place, address + done, length - done)
                : now.write(place, address + done, length - done);
        if (now.isRetired()) {
          region.ensureOpen();
          if (fixed != null) {
            throw new IllegalStateException("the region was resized");
          }
          continue;
        }
        if (answer <= 0) {
          throw region.unavailable(answer, place);
        }
        done += answer;
      }
    } finally {
      Reference.reachabilityFence(buffer);
    }
    buffer.position(buffer.limit());
  }

  /** Does what {@link #direct} does for a buffer on the heap, through pooled direct buffers. */
  private static void onHeap(
      RegionPart region, @Nullable Mapping fixed, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    ByteBuffer between = DirectBuffers.FOR_COPIES.takeAny();
    try {
      for (long at = offset; buffer.hasRemaining(); at += between.limit()) {
        int length = Math.min(buffer.remaining(), between.capacity());
        between.clear().limit(length);
        if (isRead) {
          direct(region, fixed, at, between, true);
          buffer.put(between.flip());
        } else {
          between.put(buffer.duplicate().limit(buffer.position() + length));
          direct(region, fixed, at, between.flip(), false);
          buffer.position(buffer.position() + length);
        }
      }
    } finally {
      DirectBuffers.FOR_COPIES.give(between);
    }
  }
}

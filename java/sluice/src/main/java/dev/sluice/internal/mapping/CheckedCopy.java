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
 * Bytes in and out of a region, where a page that is not there is an {@link IOException}.
 *
 * <p>The JVM itself copies them, at the speed of memory. A page that is gone is an {@link
 * InternalError} then, which HotSpot throws at the latest when a native returns, in JDK 17 when the
 * thread next enters the VM: one or the other is done behind each piece, within the {@code try}.
 * What faulted is copied once more by the kernel, which tells the byte. Where it finds nothing
 * missing, the error is that of an access before ours, or the page has come back, and it is told
 * with its cause.
 */
public final class CheckedCopy {
  private static final boolean IS_ERROR_PROMPT = Runtime.version().feature() >= 21;

  /** Bytes between two moments at which the JVM may stop. */
  private static final int AT_A_TIME = 1 << 20;

  /** Not a constant, for which the compiler would make an array without a call. */
  private static volatile int one = 1;

  /** Never read. */
  static @Nullable Object entered;

  private CheckedCopy() {}

  /** Lets an error in that the thread is owed. */
  private static void letErrorsIn() {
    if (IS_ERROR_PROMPT) {
      NativeMemory.returnToJava();
    } else {
      // An array of arrays is made by the VM, in interpreted code and in that of either compiler.
      entered = new int[one][one];
    }
  }

  /** Copies bytes of a region into an array. */
  public static void read(
      RegionPart region, Accessor accessor, long offset, byte[] target, int start, int length)
      throws IOException {
    Objects.checkFromIndexSize(start, length, target.length);
    run(region, accessor, offset, target, start, length, true);
  }

  /** Copies bytes of a region into a buffer, as many as it has room for. */
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

  /** Copies bytes of a buffer into a region, all that it has left. */
  public static void write(RegionPart region, Accessor accessor, long offset, ByteBuffer source)
      throws IOException {
    region.ensureWritable();
    run(region, accessor, offset, source, false);
  }

  /** Copies bytes into a part of an array, which is there, or out of it. */
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
      again(region, offset, ByteBuffer.wrap(array, at, length), isRead, e);
    }
  }

  /** Copies all that a buffer has room for, or has left, and moves its position. */
  static void run(
      RegionPart region, Accessor accessor, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    int length = buffer.remaining();
    if (buffer.hasArray()) {
      int at = buffer.arrayOffset() + buffer.position();
      run(region, accessor, offset, buffer.array(), at, length, isRead);
      buffer.position(buffer.limit());
    } else if (buffer.isDirect()) {
      byWindow(region, accessor, offset, buffer, isRead);
    } else {
      byKernel(region, offset, buffer, isRead);
    }
  }

  private static void byWindow(
      RegionPart region, Accessor accessor, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    int end = buffer.limit();
    region.part(offset, buffer.remaining());
    for (long at = offset; buffer.position() < end; ) {
      int some = Math.min(end - buffer.position(), AT_A_TIME);
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
        again(region, at, piece, isRead, e);
      }
      buffer.position(buffer.position() + some);
      at += some;
    }
  }

  private static void again(
      RegionPart region, long offset, ByteBuffer piece, boolean isRead, InternalError e)
      throws IOException {
    byKernel(region, offset, piece, isRead);
    throw new IOException(
        "mapped memory was not there when this thread used it, before or in this call", e);
  }

  private static void byKernel(RegionPart region, long offset, ByteBuffer piece, boolean isRead)
      throws IOException {
    region.part(offset, piece.remaining());
    if (piece.isDirect()) {
      direct(region, null, offset, piece, isRead);
    } else {
      onHeap(region, null, offset, piece, isRead);
    }
  }

  /**
   * Copies as much as a direct buffer has left, and moves its position.
   *
   * @param fixed the mapping, of which a resize is the end, or null for what the region has
   */
  static void direct(
      RegionPart region, @Nullable Mapping fixed, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    long address = NativeMemory.address(buffer) + buffer.position();
    int length = buffer.remaining();
    try {
      for (long done = 0; done < length; ) {
        Mapping now = fixed == null ? region.part(offset + done, length - done) : fixed;
        if (now == null) {
          break;
        }
        long place = region.place(offset + done);
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

  /** The same for a buffer on the heap, through pooled direct ones. */
  static void onHeap(
      RegionPart region, @Nullable Mapping fixed, long offset, ByteBuffer buffer, boolean isRead)
      throws IOException {
    ByteBuffer between = DirectBuffers.BRIEF.takeAny();
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
      DirectBuffers.BRIEF.give(between);
    }
  }
}

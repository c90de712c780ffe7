package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.DirectBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The parts of a {@link Response}, and how far they have been sent. */
final class ResponseParts {
  /**
   * A part of a file of so many bytes joins the bytes beside it. To copy 16 KiB takes as much CPU
   * time as a call of {@code sendfile}; docs/what-servers-call.md has the measurement.
   */
  private static final long JOINED_BYTES = 16 << 10;

  /** A head, a file and perhaps a trailer. */
  private static final int USUAL_PARTS = 3;

  private final List<ResponsePart> parts = new ArrayList<>(USUAL_PARTS);

  /** The part that is sent next, and how many of its bytes have been sent. */
  private int index;

  private long offset;
  private long remaining;
  private boolean isBegun;

  /** Whether all bytes of files were seen to be there. Before that, no byte is sent. */
  private boolean isSeen;

  /** How many files the last gathering has read. */
  private int files;

  void add(ResponsePart part) {
    if (isBegun) {
      throw new IllegalStateException("a composite gets no more parts once a byte was sent");
    }
    remaining = Math.addExact(remaining, part.size);
    parts.add(part);
  }

  /** How many bytes have not been sent. */
  long remaining() {
    return remaining;
  }

  /** Whether all parts can be read while a channel's guards are held. */
  boolean areHeld() {
    for (int each = 0; each < parts.size(); each++) {
      if (!parts.get(each).isHeld()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks all parts, if no byte was sent yet. What is read as a whole before the first byte is
   * sent shows by itself whether it is there: the kernel is not asked for the sizes of files then.
   */
  void ensureUsable(boolean areHeld) throws IOException {
    if (isBegun) {
      return;
    }
    for (int each = 0; each < parts.size(); each++) {
      parts.get(each).ensureUsable();
    }
    isSeen = false;
    if (!areHeld || !areGatheredAtOnce()) {
      ensureThere();
    }
  }

  /**
   * Checks that all bytes are there.
   *
   * @throws IOException if bytes are missing; the message says how many
   */
  void ensureThere() throws IOException {
    for (int each = 0; each < parts.size(); each++) {
      parts.get(each).ensureThere();
    }
    isSeen = true;
  }

  /** Whether one buffer has room for all. A part of no bytes would not be read. */
  private boolean areGatheredAtOnce() {
    for (int each = 0; each < parts.size(); each++) {
      ResponsePart part = parts.get(each);
      if (!isGathered(part) || part.size == 0) {
        return false;
      }
    }
    return remaining <= DirectBuffers.SIZE;
  }

  /** Notes that bytes were sent. */
  void advance(long bytes) {
    isBegun |= bytes > 0;
    remaining -= bytes;
    offset += bytes;
    while (index < parts.size() && offset >= parts.get(index).size) {
      offset -= parts.get(index).size;
      index++;
    }
  }

  /** The part that is sent next. */
  ResponsePart next() {
    return parts.get(index);
  }

  /** How many bytes of the next part have been sent. */
  long offset() {
    return offset;
  }

  /** Whether the next part is copied, together with those behind it. */
  boolean isNextGathered() {
    return isGathered(next());
  }

  private boolean isGathered(ResponsePart part) {
    return part.isInMemory() || part.size <= JOINED_BYTES && parts.size() > 1 && part.isJoinable();
  }

  /** The bytes from here on that are sent by one transfer. */
  long nextBytes() {
    if (!isNextGathered()) {
      return next().size - offset;
    }
    long bytes = -offset;
    for (int each = index; each < parts.size() && isGathered(parts.get(each)); each++) {
      bytes += parts.get(each).size;
    }
    return bytes;
  }

  /**
   * Whether so few bytes may be sent now. Before the first byte is sent, all that are not yet seen
   * to be there have to be gathered.
   */
  boolean maySend(long ahead, long count) {
    return isSeen || count >= remaining - ahead;
  }

  /**
   * Copies the bytes that are sent next into a buffer, as many as it has room for.
   *
   * @param ahead how many bytes from here on are left out, because they have just been sent
   * @param count how many bytes at most
   * @param address of the buffer's first byte, or {@link ResponsePart#ON_HEAP}
   * @return whether more bytes follow them
   */
  boolean gather(long ahead, long count, ByteBuffer target, long address) throws IOException {
    target.limit((int) Math.min(target.capacity(), count));
    files = 0;
    int each = index;
    long from = offset + ahead;
    while (target.hasRemaining()) {
      ResponsePart part = parts.get(each);
      if (from < part.size) {
        int before = target.position();
        part.copy(from, target, address);
        files += part.isFile() ? 1 : 0;
        from += target.position() - before;
      } else {
        from -= part.size;
        each++;
      }
    }
    isSeen = true;
    return remaining - ahead > target.position();
  }

  /** How many files the last gathering has read, each by one system call. */
  int filesOfLastGathering() {
    return files;
  }
}

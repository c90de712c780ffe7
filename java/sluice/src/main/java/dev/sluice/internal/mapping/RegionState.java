package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeMapping;
import dev.sluice.internal.jdk.NativeThreadSet;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that a region shares with its slices: the file, the present mapping, and whether the
 * region is closed.
 *
 * <p>Accessors and buffers lie over separate mappings, because a close leaves different memory at
 * their addresses. An accessor checks after each access; a late access finds zeros, which the
 * accessor never shows. A buffer cannot check, so a late access has to fault. Private pages exist
 * only once. When the first buffer over them is made, accessors and buffers share one mapping, and
 * accessors hold its lock for each access from then on, except where the JDK has sessions.
 */
final class RegionState {
  private final MapRequest file;
  private final NativeThreadSet transfers = NativeThreadSet.create();
  private @Nullable Mapping mapping;

  /** The mapping that buffers lie over, once a buffer has been handed out. */
  private @Nullable Mapping bufferMapping;

  /** The arena of the memory segments, once a segment has been handed out. */
  private @Nullable Object arena;

  /** Closes the arena. */
  private @Nullable SegmentMaker maker;

  private boolean isClosed;

  /** Mappings that the kernel had no room to release. */
  private List<Mapping> unreleased = List.of();

  private RegionState(MapRequest file, @Nullable Mapping mapping) {
    this.file = file;
    this.mapping = mapping;
  }

  /** Maps a part of a file. The file is extended if it is shorter. */
  static RegionState map(MapRequest file, long size) throws IOException {
    file.extend(size);
    return new RegionState(file, size == 0 ? null : file.map(size));
  }

  MapRequest file() {
    return file;
  }

  boolean isReadOnly() {
    return file.isReadOnly();
  }

  /** The threads that transfer from the region. A close wakes them. */
  NativeThreadSet transfers() {
    return transfers;
  }

  synchronized boolean isOpen() {
    return !isClosed;
  }

  synchronized void ensureOpen() {
    if (isClosed) {
      throw new IllegalStateException("the region is closed");
    }
  }

  /**
   * The present mapping, or null if the region has no bytes. The method waits for the end of a
   * resize.
   */
  synchronized @Nullable Mapping mapping() {
    ensureOpen();
    return mapping;
  }

  /** The mapping that buffers lie over, which is made for the first buffer. */
  synchronized Mapping forBuffers(Mapping now) throws IOException {
    Mapping buffers = bufferMapping;
    if (buffers != null) {
      return buffers;
    }
    if (now.accessLock() != null) {
      bufferMapping = now;
      return now;
    }
    // Retiring the buffers needs a file whose pages fault. It is opened here, because at the close
    // there may be no descriptor left for it.
    MapFailure.checked(NativeMapping.prepareRetirement(), file.name());
    long handle = file.mode() == MapMode.PRIVATE ? -Errno.EINVAL.number : now.duplicate();
    if (handle >= 0) {
      buffers = Mapping.forBuffers(handle, now.size);
    } else if (Answer.errno(handle) == Errno.EINVAL.number) {
      buffers = moveToShared(now);
    } else {
      throw MapFailure.of(handle, file.name());
    }
    bufferMapping = buffers;
    return buffers;
  }

  /** Makes a memory segment over a part of the mapping that buffers lie over. */
  synchronized Object segment(SegmentMaker by, @Nullable Mapping now, long start, long size)
      throws IOException {
    Mapping over = now == null ? null : forBuffers(now);
    Object open = arena;
    if (open == null) {
      open = by.open();
      arena = open;
      maker = by;
    }
    long address = over == null ? 0 : over.address + start;
    return by.segment(
        open, address, size, file.isReadOnly(), () -> Reference.reachabilityFence(over));
  }

  /**
   * Closes the arena of the segments. If a system call uses a segment, the arena stays open, but
   * the memory under it is released all the same.
   */
  private static void closeSegments(@Nullable SegmentMaker maker, @Nullable Object arena) {
    if (maker != null && arena != null) {
      try {
        maker.close(arena);
      } catch (IllegalStateException e) {
        // The system call fails with EFAULT. A later access meets SIGBUS, of which HotSpot makes an
        // error.
      }
    }
  }

  /** Moves all pages to a new mapping that accessors and buffers share. */
  private Mapping moveToShared(Mapping now) throws IOException {
    now.announceRetirement();
    transfers.wake();
    long handle = now.moveToNewAddresses();
    if (handle < 0) {
      now.revokeRetirement();
      throw MapFailure.of(handle, file.name());
    }
    Mapping shared = Mapping.forBoth(handle, now.size);
    mapping = shared;
    now.retire();
    return shared;
  }

  /**
   * Maps another size at other addresses and moves the pages there. The file grows if it is
   * shorter.
   */
  synchronized void resize(long size) throws IOException {
    ensureOpen();
    file.checkSize(size);
    file.extend(size);
    Mapping before = mapping;
    Mapping after = size == 0 ? null : file.map(size);
    if (before != null) {
      // Announced first, so that no reader takes the memory at the old addresses for the file's
      // bytes while the pages move.
      before.announceRetirement();
      transfers.wake();
      if (after != null) {
        movePages(before, after);
      }
    }
    List<Mapping> old = mappings();
    closeSegments(maker, arena);
    mapping = after;
    bufferMapping = null;
    arena = null;
    old.forEach(RegionState::retire);
  }

  /** Moves the pages of the mapping before a resize to the mapping after it. */
  private void movePages(Mapping before, Mapping after) throws IOException {
    long answer = after.takePages(before);
    // Private writes exist in these pages only, so the resize fails. Pages of a shared mapping can
    // be read from the file again.
    if (answer < 0 && file.mode() == MapMode.PRIVATE) {
      before.revokeRetirement();
      after.retire();
      throw MapFailure.of(answer, file.name());
    }
  }

  private List<Mapping> mappings() {
    List<Mapping> all = new ArrayList<>();
    if (mapping != null) {
      all.add(mapping);
    }
    if (bufferMapping != null && bufferMapping != mapping) {
      all.add(bufferMapping);
    }
    return all;
  }

  private static void retire(Mapping mapping) {
    // If the kernel has no room to release a mapping now, the next map or close tries again.
    mapping.retire();
  }

  /**
   * Releases the file, its pages and its locks. If a mapping could not be released, the next call
   * tries again.
   */
  void close() throws IOException {
    List<Mapping> last;
    Object segments;
    synchronized (this) {
      segments = arena;
      arena = null;
      last = isClosed ? unreleased : mappings();
      isClosed = true;
      mapping = null;
      bufferMapping = null;
      unreleased = List.of();
    }
    last.forEach(Mapping::announceRetirement);
    closeSegments(maker, segments);
    transfers.wake();
    List<Mapping> failed = new ArrayList<>();
    long answer = 0;
    for (Mapping each : last) {
      long retired = each.retire();
      if (retired < 0) {
        answer = retired;
        failed.add(each);
      }
    }
    synchronized (this) {
      unreleased = failed;
    }
    file.file().close();
    if (answer < 0) {
      throw MapFailure.notReleased(answer, file.name());
    }
  }
}

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
 * What a region and its slices share: the file, what is mapped of it now, and whether it is closed.
 *
 * <p>Windows and buffers lie over mappings of their own, because what is left at their addresses
 * after a close is not the same: windows look after each access, and find zeros that they never
 * show; buffers cannot look, and are to be loud. Private pages exist once, so that both lie over
 * one mapping there once a buffer is asked for, which windows hold for each access from then on.
 */
final class RegionState {
  private final MapRequest file;
  private final NativeThreadSet transfers = NativeThreadSet.make();
  private @Nullable Mapping mapping;

  /** What buffers lie over, once one has been handed out. */
  private @Nullable Mapping handedOut;

  /** What segments over that live in, once one has been handed out, and who closes it. */
  private @Nullable Object arena;

  private @Nullable SegmentMaker maker;
  private boolean isClosed;

  /** What the kernel had no room to release. */
  private List<Mapping> unreleased = List.of();

  private RegionState(MapRequest file, @Nullable Mapping mapping) {
    this.file = file;
    this.mapping = mapping;
  }

  /** Maps a part of a file, which is made as long as that needs. */
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

  /** The threads that transfer from it, which a close wakes. */
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

  /** What is mapped now, or null where that is nothing. It waits for a resize to be over. */
  synchronized @Nullable Mapping mapping() {
    ensureOpen();
    return mapping;
  }

  /** The mapping that buffers lie over. */
  synchronized Mapping forBuffers(Mapping now) throws IOException {
    Mapping made = handedOut;
    if (made != null) {
      return made;
    }
    if (now.accesses() != null) {
      handedOut = now;
      return now;
    }
    // With what they are retired by: a close must not be what finds out that it cannot be had.
    MapFailure.checked(NativeMapping.prepareRetirement(), file.name());
    long handle = file.mode() == MapMode.PRIVATE ? -Errno.EINVAL.number : now.duplicate();
    if (handle >= 0) {
      made = Mapping.ofBuffers(handle, now.size);
    } else if (Answer.errno(handle) == Errno.EINVAL.number) {
      made = moved(now);
    } else {
      throw MapFailure.of(handle, file.name());
    }
    handedOut = made;
    return made;
  }

  /** A segment over a part of what buffers lie over. */
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

  /** Ends the segments. Where a system call uses one, what it lies over will be gone. */
  private static void end(@Nullable SegmentMaker maker, @Nullable Object arena) {
    if (maker != null && arena != null) {
      try {
        maker.close(arena);
      } catch (IllegalStateException e) {
        // It fails by EFAULT, and whoever comes later by SIGBUS, of which HotSpot makes an error.
      }
    }
  }

  /** Moves all pages to where windows and buffers share them. */
  private Mapping moved(Mapping now) throws IOException {
    now.announceRetirement();
    transfers.wake();
    long handle = now.moved();
    if (handle < 0) {
      now.revokeRetirement();
      throw MapFailure.of(handle, file.name());
    }
    Mapping made = Mapping.ofBoth(handle, now.size);
    mapping = made;
    now.retire();
    return made;
  }

  /** Another size, at other addresses; the file grows with it. */
  synchronized void resize(long size) throws IOException {
    ensureOpen();
    file.checkSize(size);
    file.extend(size);
    Mapping before = mapping;
    Mapping after = size == 0 ? null : file.map(size);
    if (before != null) {
      // First, so that nobody takes for the file's what is there while the pages move.
      before.announceRetirement();
      transfers.wake();
      if (after != null) {
        take(before, after);
      }
    }
    List<Mapping> dead = all();
    end(maker, arena);
    mapping = after;
    handedOut = null;
    arena = null;
    dead.forEach(RegionState::retire);
  }

  private void take(Mapping before, Mapping after) throws IOException {
    long answer = after.takePages(before);
    // What was written privately is in these pages alone; those of a file come back from there.
    if (answer < 0 && file.mode() == MapMode.PRIVATE) {
      before.revokeRetirement();
      after.retire();
      throw MapFailure.of(answer, file.name());
    }
  }

  private List<Mapping> all() {
    List<Mapping> all = new ArrayList<>();
    if (mapping != null) {
      all.add(mapping);
    }
    if (handedOut != null && handedOut != mapping) {
      all.add(handedOut);
    }
    return all;
  }

  private static void retire(Mapping mapping) {
    // What the kernel has no room for now is tried again by whoever maps or closes next.
    mapping.retire();
  }

  /** Releases file, pages and locks. What could not be released is tried again by the next call. */
  void close() throws IOException {
    List<Mapping> last;
    Object segments;
    synchronized (this) {
      segments = arena;
      arena = null;
      last = isClosed ? unreleased : all();
      isClosed = true;
      mapping = null;
      handedOut = null;
      unreleased = List.of();
    }
    last.forEach(Mapping::announceRetirement);
    end(maker, segments);
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

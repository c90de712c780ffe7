package dev.sluice.internal.mapping;

import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;

/**
 * What a region does with its pages: force them to the device, load them, lock them, and advise the
 * kernel on them.
 *
 * <p>A native may run while its mapping is retired. Its answer then means nothing. After a resize,
 * the call is repeated on the new mapping; after a close, the repetition throws.
 */
public final class RegionPages {
  /** The number of this {@code Advice} in the Rust crate. */
  private static final int WILL_NEED = 3;

  /** The number of this {@code Advice} in the Rust crate. */
  private static final int POPULATE_READ = 9;

  private final RegionPart part;

  /** Makes the operations on the pages of a region or slice. */
  public RegionPages(RegionPart part) {
    this.part = part;
  }

  /** A system call on a part of a mapping, which answers 0 or more, or an error. */
  private interface Call {
    long on(Mapping mapping, long place, long length);
  }

  /** Runs a system call on a part of the region. */
  private long checked(long offset, long length, Call call) throws IOException {
    while (true) {
      Mapping now = part.checkedMapping(offset, length);
      if (now == null) {
        return 0;
      }
      long answer = call.on(now, part.mappingOffset(offset), length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, part.request().name());
      }
    }
  }

  /** Runs a system call on the whole region, whose size may have changed by a resize. */
  private long checked(Call call) throws IOException {
    while (true) {
      Mapping now = part.mapping();
      long length = part.sizeIn(now);
      if (now == null || length == 0) {
        return 0;
      }
      long answer = call.on(now, part.mappingOffset(0), length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, part.request().name());
      }
    }
  }

  /** Writes the changed pages of a part to the device. */
  public void force(long offset, long length) throws IOException {
    checked(offset, length, forced());
  }

  /** Writes all changed pages to the device. */
  public void force() throws IOException {
    checked(forced());
  }

  /** The call that writes changed pages. Only a writable shared mapping has such pages. */
  private Call forced() {
    return part.request().mode() == MapMode.READ_WRITE ? Mapping::sync : (now, at, most) -> 0;
  }

  /** Gives the kernel advice on a part, by the advice's number. */
  public void advise(int advice, long offset, long length) throws IOException {
    checked(offset, length, (now, at, most) -> now.advise(advice, at, most));
  }

  /** Gives the kernel advice on all pages, by the advice's number. */
  public void advise(int advice) throws IOException {
    checked((now, at, most) -> now.advise(advice, at, most));
  }

  /**
   * Reads all pages in. A kernel that is too old for {@code MADV_POPULATE_READ} only begins to read
   * them.
   */
  public void load() throws IOException {
    checked(
        (now, at, most) -> {
          long answer = now.advise(POPULATE_READ, at, most);
          return answer < 0 ? now.advise(WILL_NEED, at, most) : answer;
        });
  }

  /** Whether all pages are in memory. */
  public boolean isLoaded() throws IOException {
    return part.size() == 0 || checked(Mapping::isResident) != 0;
  }

  /** How many bytes are in memory, in whole pages. */
  public long residentBytes() throws IOException {
    return checked(Mapping::resident);
  }

  /** Locks all pages in memory, or unlocks them. */
  public void lock(boolean on) throws IOException {
    checked((now, at, most) -> now.lockPages(at, most, on));
  }
}

package dev.sluice.internal.mapping;

import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;

/**
 * The pages of a region: forced to the device, loaded, advised on, locked.
 *
 * <p>A native on a mapping that is retired meanwhile has answered nothing: it is made again on the
 * mapping that came after a resize, and after a close the answer is that.
 */
public final class RegionPages {
  /** Numbers of {@code Advice} in the Rust crate. */
  private static final int WILL_NEED = 3;

  private static final int POPULATE_READ = 9;

  private final RegionPart part;

  /** The pages of a part. */
  public RegionPages(RegionPart part) {
    this.part = part;
  }

  /** A system call on a part of a mapping: 0 or more, or an error. */
  private interface Call {
    long on(Mapping mapping, long place, long length);
  }

  private long checked(long offset, long length, Call call) throws IOException {
    while (true) {
      Mapping now = part.part(offset, length);
      if (now == null) {
        return 0;
      }
      long answer = call.on(now, part.place(offset), length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, part.request().name());
      }
    }
  }

  /** A system call on all there is, which may be less or more after a resize. */
  private long checked(Call call) throws IOException {
    while (true) {
      Mapping now = part.mapping();
      long length = part.sizeIn(now);
      if (now == null || length == 0) {
        return 0;
      }
      long answer = call.on(now, part.place(0), length);
      if (!now.isRetired()) {
        return MapFailure.checked(answer, part.request().name());
      }
    }
  }

  /** Writes what was changed in a part to the device. */
  public void force(long offset, long length) throws IOException {
    checked(offset, length, forced());
  }

  /** Writes all that was changed to the device. */
  public void force() throws IOException {
    checked(forced());
  }

  private Call forced() {
    return part.request().mode() == MapMode.READ_WRITE ? Mapping::sync : (now, at, most) -> 0;
  }

  /** Advises on a part, by the number of the advice. */
  public void advise(int advice, long offset, long length) throws IOException {
    checked(offset, length, (now, at, most) -> now.advise(advice, at, most));
  }

  /** Advises on all of it. */
  public void advise(int advice) throws IOException {
    checked((now, at, most) -> now.advise(advice, at, most));
  }

  /** Reads all pages in, or has the kernel begin to where it is too old for that. */
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

  /** The bytes in memory, in whole pages. */
  public long residentBytes() throws IOException {
    return checked(Mapping::resident);
  }

  /** Keeps all pages in memory, or lets them go. */
  public void lock(boolean on) throws IOException {
    checked((now, at, most) -> now.lockPages(at, most, on));
  }
}

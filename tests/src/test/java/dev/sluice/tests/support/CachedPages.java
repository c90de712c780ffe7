package dev.sluice.tests.support;

import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.BitSet;

/** Which pages of a file are in the page cache. */
public final class CachedPages {
  private CachedPages() {}

  /** The cached pages by their numbers, as {@code mincore(2)} tells. */
  public static BitSet of(Path path) throws IOException, InterruptedException {
    int page = Tools.pageSize();
    BitSet cached = new BitSet();
    try (FileChannel file = FileChannel.open(path)) {
      long size = file.size();
      if (size == 0) {
        return cached;
      }
      try (MappedRegion region = MappedRegion.map(file, MapMode.READ_ONLY, 0, size)) {
        for (long at = 0; at < size; at += page) {
          MappedRegion one = region.slice(at, Math.min(page, size - at));
          cached.set((int) (at / page), one.residentBytes() > 0);
        }
      }
    }
    return cached;
  }

  /** Writes a file to its device, and drops its pages. */
  public static void drop(Path path) throws IOException, InterruptedException {
    String file = "of=" + path;
    Tools.run("dd", file, "conv=notrunc,fdatasync", "count=0", "if=/dev/null", "status=none");
    Tools.run(
        "dd", file, "oflag=nocache", "conv=notrunc", "count=0", "if=/dev/null", "status=none");
  }
}

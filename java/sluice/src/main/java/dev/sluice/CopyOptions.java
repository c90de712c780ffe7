package dev.sluice;

import java.nio.file.CopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts the options of one copy: Sluice's own, and those for {@code Files.copy}. */
final class CopyOptions {
  private @Nullable Reflink reflink;
  private @Nullable Sparse sparse;
  private boolean isUncached;
  private final List<CopyOption> others = new ArrayList<>();

  CopyOptions(CopyOption... options) {
    for (CopyOption option : options) {
      if (option instanceof Reflink given) {
        ensureSame(reflink, given);
        reflink = given;
      } else if (option instanceof Sparse given) {
        ensureSame(sparse, given);
        sparse = given;
      } else if (option == Uncached.UNCACHED) {
        isUncached = true;
      } else {
        others.add(option);
      }
    }
    if (reflink() == Reflink.ALWAYS && sparse() != Sparse.AUTO) {
      throw new IllegalArgumentException(
          "Reflink.ALWAYS goes with Sparse.AUTO only: shared extents have the holes of the source");
    }
    if (isUncached && sparse() == Sparse.ALWAYS) {
      throw new IllegalArgumentException(
          "Sparse.ALWAYS does not go with an uncached copy: zeros are looked for in cached pages");
    }
  }

  Reflink reflink() {
    return reflink != null ? reflink : Reflink.AUTO;
  }

  Sparse sparse() {
    return sparse != null ? sparse : Sparse.AUTO;
  }

  /** Whether the copy leaves nothing in the page cache that was not there before. */
  boolean isUncached() {
    return isUncached;
  }

  /** The options for {@code Files.copy}, including nulls and unknown options. */
  CopyOption[] others() {
    return others.toArray(new CopyOption[0]);
  }

  private static void ensureSame(@Nullable CopyOption before, CopyOption given) {
    if (before != null && before != given) {
      throw new IllegalArgumentException("both " + name(before) + " and " + name(given));
    }
  }

  private static String name(CopyOption option) {
    return option.getClass().getSimpleName() + "." + option;
  }
}

package dev.sluice.bench.measure;

import java.io.IOException;
import java.util.Set;

/** The kernel refuses a system call for this pair of files, whichever program makes it. */
public final class RefusedCallException extends IOException {
  private static final long serialVersionUID = 1;

  private static final int EXDEV = 18;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;

  private static final Set<Integer> REFUSALS = Set.of(EXDEV, EINVAL, ENOSYS, EOPNOTSUPP);

  RefusedCallException(String message) {
    super(message);
  }

  static boolean isRefusal(int errno) {
    return REFUSALS.contains(errno);
  }
}

package dev.sluice;

import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.copy.FileCopy;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;

/**
 * {@link Sluice#copy}, apart from the transfers: the verifier of {@link Sluice} would load the
 * exceptions of this method for a program that only transfers.
 */
final class Copying {
  private Copying() {}

  static Path copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyOptions sorted = new CopyOptions(options);
    try {
      FileCopy.copy(
          source,
          target,
          sorted.reflink().number,
          sorted.sparse().number,
          sorted.isUncached(),
          sorted.others());
      return target;
    } catch (RefusedException refusal) {
      throw Mechanism.REFLINK.unsupported(refusal);
    }
  }
}

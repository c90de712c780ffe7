package dev.sluice.internal;

import java.io.IOException;

/** Bytes were taken from a source that cannot be read twice, and the target did not take them. */
final class StrandedBytesException extends IOException {
  private static final long serialVersionUID = 1;

  StrandedBytesException(long stored, long stranded, IOException cause) {
    super(
        cause.getMessage()
            + ": "
            + stored
            + " bytes were stored, "
            + stranded
            + " more were taken from the source and could not be stored",
        cause);
  }
}

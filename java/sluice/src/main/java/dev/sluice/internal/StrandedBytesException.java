package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;

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

  /** What a failed write is reported as: a close or an interrupt stays one, with this beside it. */
  static IOException after(IOException failure, long stored, long stranded) {
    if (failure instanceof ClosedChannelException) {
      IOException closed = new IOException("the channel was closed");
      failure.addSuppressed(new StrandedBytesException(stored, stranded, closed));
      return failure;
    }
    return new StrandedBytesException(stored, stranded, failure);
  }

  /** Whether an exception tells of stranded bytes, so that no count may stand for it. */
  static boolean isToldBy(IOException failure) {
    return failure instanceof StrandedBytesException
        || Stream.of(failure.getSuppressed()).anyMatch(StrandedBytesException.class::isInstance);
  }
}

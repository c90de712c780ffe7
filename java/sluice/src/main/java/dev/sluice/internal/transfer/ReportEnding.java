package dev.sluice.internal.transfer;

/** Why a transfer moved no more bytes, as a report tells it: {@code TransferReport.Ending}. */
public enum ReportEnding {
  /** The count was reached. */
  COMPLETE,
  /** A channel in non-blocking mode was not ready for more. */
  WOULD_BLOCK,
  /** The source file ended. */
  END_OF_FILE,
  /** The peer of the source has finished, or that of the target takes no more. */
  PEER_CLOSED,
  /** An error, or a close, perhaps after bytes had been moved. */
  FAILED
}

package dev.sluice.internal.transfer;

import java.io.IOException;

/** Why a transfer moved no more bytes, as a report tells it: {@code TransferReport.Ending}. */
public enum ReportEnding {
  /** The count was reached. */
  COMPLETE,
  /** A channel in non-blocking mode was not ready. */
  WOULD_BLOCK,
  /** The source file ended. */
  END_OF_FILE,
  /** The source's peer has ended its stream, or the target's peer takes no more. */
  PEER_CLOSED,
  /** The time of the transfer was over, or no byte had moved for too long. */
  TIMED_OUT,
  /** The transfer was cancelled. */
  CANCELLED,
  /** An error or a close ended the transfer, perhaps after bytes had been moved. */
  FAILED;

  /** The failure of a transfer that a limit ended before its target had taken all bytes. */
  public IOException beforeAllWasTaken() {
    return new IOException(
        this == TIMED_OUT
            ? "the time was over before the target took all bytes"
            : "cancelled before the target took all bytes");
  }
}

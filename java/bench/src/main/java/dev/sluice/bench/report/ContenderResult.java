package dev.sluice.bench.report;

import java.util.List;

/**
 * One contender in one cell. A figure that was not measured is {@code null}.
 *
 * @param mechanism the Sluice mechanism that it is, or whose system call it makes from elsewhere,
 *     or null
 * @param reason why it was left out or failed, else null
 * @param sha256 of what arrived in the verifying pass
 * @param systemCallsPerCall by the transferring thread
 * @param gigabytesPerSecond over the rounds; a gigabyte is 10^9 bytes
 * @param cpuSecondsPerGigabyte over the rounds
 * @param calls single calls, timed one by one
 * @param ratioToNio speed over that of NIO, paired within the rounds
 * @param cLoop the C loop that makes the same system call, or null
 * @param ratioToC speed over that of this C loop, paired within the rounds
 */
public record ContenderResult(
    String name,
    Role role,
    String mechanism,
    Outcome outcome,
    String reason,
    String sha256,
    Double systemCallsPerCall,
    Interval gigabytesPerSecond,
    Interval cpuSecondsPerGigabyte,
    SingleCalls calls,
    Interval ratioToNio,
    String cLoop,
    Interval ratioToC,
    List<Measurement> rounds) {

  /** Whether it has figures. */
  public boolean measured() {
    return outcome == Outcome.MEASURED && gigabytesPerSecond != null;
  }
}

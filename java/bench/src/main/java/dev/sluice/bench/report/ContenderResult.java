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
 * @param sampled whether it is so slow that it had one round alone
 * @param gigabytesPerSecond over the rounds that all contenders of the cell had; a gigabyte is 10^9
 *     bytes
 * @param cpuSecondsPerGigabyte of the transferring thread, over the rounds
 * @param machineCpuSecondsPerGigabyte of the transferring thread and the far end, over the rounds
 * @param farEndBusy the part of the time that the far end computes, 0 to 1; null where the cell has
 *     no far end
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
    boolean sampled,
    Interval gigabytesPerSecond,
    Interval cpuSecondsPerGigabyte,
    Interval machineCpuSecondsPerGigabyte,
    Double farEndBusy,
    SingleCalls calls,
    Interval ratioToNio,
    String cLoop,
    Interval ratioToC,
    List<Measurement> rounds) {
  /** A far end that computes for a larger part of the time has none left. */
  private static final double BUSY = 0.9;

  /** A contender without the figures that are made of its rounds. */
  public ContenderResult(
      String name,
      Role role,
      String mechanism,
      Outcome outcome,
      String reason,
      String sha256,
      Double systemCallsPerCall,
      boolean sampled,
      SingleCalls calls,
      List<Measurement> rounds) {
    this(
        name,
        role,
        mechanism,
        outcome,
        reason,
        sha256,
        systemCallsPerCall,
        sampled,
        null,
        null,
        null,
        null,
        calls,
        null,
        null,
        null,
        rounds);
  }

  /** Whether it has figures. */
  public boolean measured() {
    return outcome == Outcome.MEASURED && gigabytesPerSecond != null;
  }

  /** Whether the speed is that of the far end, which had no time left. */
  public boolean limitedByFarEnd() {
    return farEndBusy != null && farEndBusy > BUSY;
  }
}

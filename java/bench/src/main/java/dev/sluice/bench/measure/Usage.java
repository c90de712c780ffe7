package dev.sluice.bench.measure;

/**
 * The resources that a thread has used so far: {@code getrusage(2)} with {@code RUSAGE_THREAD}.
 * Times are in microseconds, blocks have 512 bytes.
 */
public record Usage(
    long userMicros,
    long systemMicros,
    long minorFaults,
    long majorFaults,
    long blockReads,
    long voluntarySwitches,
    long involuntarySwitches) {

  /** The usage of the calling thread. */
  public static Usage ofThread() {
    long[] usage = new long[7];
    Getrusage.threadUsage0(usage);
    return new Usage(usage[0], usage[1], usage[2], usage[3], usage[4], usage[5], usage[6]);
  }

  public Usage since(Usage before) {
    return new Usage(
        userMicros - before.userMicros,
        systemMicros - before.systemMicros,
        minorFaults - before.minorFaults,
        majorFaults - before.majorFaults,
        blockReads - before.blockReads,
        voluntarySwitches - before.voluntarySwitches,
        involuntarySwitches - before.involuntarySwitches);
  }
}

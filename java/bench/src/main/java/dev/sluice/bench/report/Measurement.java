package dev.sluice.bench.report;

/**
 * One timed round of one contender.
 *
 * @param jvm counts from 1; the fresh JVM that made the round
 * @param round counts from 1 in each JVM; the rounds of the same number were made right after one
 *     another
 * @param place the place of this contender in the order of that round, from 1
 * @param nanos from the request to the last byte at its target, by the clock on the wall
 * @param cpuNanos CPU time that the transferring thread spent in the loop, user and system
 * @param farEndCpuNanos CPU time that the far end spent meanwhile: the peer process, or the thread
 *     at the other end of a pipe; 0 where there is none
 */
public record Measurement(
    int jvm, int round, int place, long nanos, long cpuNanos, long farEndCpuNanos) {}

package dev.sluice.bench.report;

/**
 * One timed round of one contender.
 *
 * @param round counts from 1; the rounds of the same number were made right after one another
 * @param place the place of this contender in the order of that round, from 1
 * @param nanos from the request to the last byte at its target, by the clock on the wall
 * @param cpuNanos CPU time that the transferring thread spent in the loop, user and system
 */
public record Measurement(int round, int place, long nanos, long cpuNanos) {}

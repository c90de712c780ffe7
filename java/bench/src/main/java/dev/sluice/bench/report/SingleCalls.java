package dev.sluice.bench.report;

/**
 * Calls that were timed one by one.
 *
 * @param count the number of calls
 * @param p50Micros half of them took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param allocatedBytes on the Java heap by the thread that made them (Netty: its event loop's),
 *     for each call on average
 */
public record SingleCalls(int count, double p50Micros, double p99Micros, double allocatedBytes) {}

/**
 * What is measured with: the native library, CPU time and resource usage of a thread, digests of
 * what was moved, and the statistics of rounds.
 */
package dev.sluice.bench.measure;

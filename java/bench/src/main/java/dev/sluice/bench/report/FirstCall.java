package dev.sluice.bench.report;

import java.util.List;

/**
 * The first transfer of a fresh JVM: 64 KiB from a file to a file, before anything else has touched
 * the contender. What the contender loads and prepares is in it.
 *
 * @param millis over the JVMs
 * @param byJvm one time for each JVM
 */
public record FirstCall(String name, Role role, Interval millis, List<Double> byJvm) {}

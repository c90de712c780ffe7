package dev.sluice.bench.report;

/** A median, and the interval that holds the true one with the given confidence. */
public record Interval(double low, double median, double high, double confidence) {}

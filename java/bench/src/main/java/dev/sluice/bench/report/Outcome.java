package dev.sluice.bench.report;

/** What became of a contender in a cell. */
public enum Outcome {
  MEASURED,
  /** It cannot serve this cell, and said so. */
  LEFT_OUT,
  /** It threw, or the bytes that arrived were not the bytes that were sent. */
  FAILED
}

package dev.sluice.bench.measure;

/** CPU time, user and kernel together, in nanoseconds. */
public final class CpuTime {
  private CpuTime() {}

  /** CPU time of the calling thread. */
  public static long ofThread() {
    return threadCpuNanos0();
  }

  /** CPU time of all threads of this process. */
  public static long ofProcess() {
    return processCpuNanos0();
  }

  private static native long threadCpuNanos0();

  private static native long processCpuNanos0();
}

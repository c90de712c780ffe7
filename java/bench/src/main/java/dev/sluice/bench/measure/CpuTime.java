package dev.sluice.bench.measure;

import java.io.IOException;

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

  /** CPU time of all threads of another process, also while it runs. */
  public static long ofProcess(long pid) throws IOException {
    return NativeLibrary.checked("clock_gettime", otherProcessCpuNanos0(Math.toIntExact(pid)));
  }

  private static native long threadCpuNanos0();

  private static native long processCpuNanos0();

  private static native long otherProcessCpuNanos0(int pid);
}

package dev.sluice.bench.run;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.measure.Affinity;
import dev.sluice.bench.measure.CpuTime;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The threads that move a cell's bytes. One platform thread alone is the measuring thread itself.
 */
public final class WorkerThreads implements Closeable {
  private final ExecutorService threads;
  private final boolean oneThreadDoesAll;
  private final boolean placed;

  /** The threads of a cell. The measuring thread runs where it is placed until they are closed. */
  WorkerThreads(Cell cell) throws IOException {
    Concurrency concurrency = cell.concurrency();
    OptionalInt cpu = cell.applied().placement().near();
    oneThreadDoesAll = cell.oneThreadDoesAll();
    placed = cpu.isPresent();
    if (placed) {
      Affinity.runOn(cpu.getAsInt());
    }
    threads =
        concurrency == Concurrency.ALONE
            ? null
            : concurrency.isVirtual()
                ? virtual()
                : Executors.newFixedThreadPool(concurrency.connections());
  }

  /** Virtual threads, by reflection: the sources are compiled for a JDK that does not have them. */
  private static ExecutorService virtual() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new UnsupportedOperationException("this JDK has no virtual threads", e);
    }
  }

  /**
   * CPU time that the threads have used, in nanoseconds: of the one thread, or of the process where
   * others may work for it.
   */
  long cpuNanos() {
    return oneThreadDoesAll ? CpuTime.ofThread() : CpuTime.ofProcess();
  }

  /** Runs each part in a thread of its own, and returns when the last of them has ended. */
  void run(List<Transfer> parts) throws IOException {
    if (threads == null) {
      for (Transfer part : parts) {
        part.run();
      }
      return;
    }
    List<Callable<Void>> tasks = new ArrayList<>();
    for (Transfer part : parts) {
      tasks.add(
          () -> {
            part.run();
            return null;
          });
    }
    try {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a team worked");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  private static IOException rethrown(Throwable cause) {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof IOException e ? e : new IOException(cause);
  }

  @Override
  public void close() throws IOException {
    if (placed) {
      Affinity.runAnywhere();
    }
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}

package dev.sluice.bench.count;

import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Counts the system calls of transfers one after the other. Between two of the same thread it keeps
 * its event: nothing may be timed meanwhile.
 */
public final class SystemCallCounter implements Closeable {
  /** Opens an event on the current thread. */
  interface Opener {
    SystemCallTrace open() throws IOException;
  }

  private final Opener opener;
  private SystemCallTrace trace;

  /**
   * A counter.
   *
   * @param opener null where the kernel lets nobody count
   */
  SystemCallCounter(Opener opener) {
    this.opener = opener;
  }

  /**
   * Runs a transfer and answers the system calls of the thread that transfers. Null if they are not
   * counted, or if the kernel lost some.
   */
  public List<SystemCall> during(Fixture fixture, Transfer transfer) throws IOException {
    if (opener == null) {
      transfer.run();
      return null;
    }
    fixture.inWorker(this::start);
    String lines;
    try {
      transfer.run();
    } finally {
      lines = trace.stop();
    }
    return lines == null ? null : lines.lines().map(SystemCallCounter::parsed).toList();
  }

  private SystemCallTrace start() throws IOException {
    if (trace == null || !trace.isOfThisThread()) {
      close();
      trace = opener.open();
    }
    trace.start();
    return trace;
  }

  private static SystemCall parsed(String line) {
    String[] words = line.split(" ");
    return new SystemCall(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  @Override
  public void close() {
    if (trace != null) {
      trace.close();
      trace = null;
    }
  }
}

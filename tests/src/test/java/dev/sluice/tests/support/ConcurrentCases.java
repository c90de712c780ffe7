package dev.sluice.tests.support;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Cases that mostly wait, several of which run at a time. Each is a test of its own, which ends
 * when its case does. They may not share a file.
 */
public final class ConcurrentCases {
  private ConcurrentCases() {}

  /** The body of a case. */
  public interface Body<C> {
    void run(C each) throws Exception;
  }

  /**
   * Starts cases that each wait for a child process, as many at a time as the machine has
   * processors.
   */
  public static <C> Stream<DynamicTest> of(Stream<C> cases, Body<C> body) {
    return of(Runtime.getRuntime().availableProcessors(), cases, body);
  }

  /**
   * Starts cases. Those that measure a time may run at once only if none of them needs a processor
   * for long.
   *
   * @param atOnce how many run at a time
   * @param cases each of them is named by its {@code toString}
   */
  public static <C> Stream<DynamicTest> of(int atOnce, Stream<C> cases, Body<C> body) {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    List<DynamicTest> tests = new ArrayList<>();
    cases.forEach(
        each -> {
          Future<?> end =
              threads.submit(
                  () -> {
                    body.run(each);
                    return null;
                  });
          tests.add(dynamicTest(each.toString(), () -> await(end)));
        });
    // Its threads end with the last case.
    threads.shutdown();
    return tests.stream();
  }

  /** A case that is skipped ends by an exception as well, which is JUnit's own. */
  private static void await(Future<?> end) throws Throwable {
    try {
      end.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }
}

package dev.sluice.tests.chaos;

import static dev.sluice.tests.chaos.RuleViolation.check;

import dev.sluice.Sluice;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rules about a source that its peer has reset: the reset is told, and no end in its place. */
final class ResetChecks {
  private static final String SOCKET = "java.net.SocketException";
  private static final String RESET_OF_READ = "Connection reset";

  private final ScenarioResult result;

  /**
   * The number of bytes that Sluice read after the transfers, to see whether it tells the reset.
   */
  private volatile long readAfterwards;

  private volatile @Nullable IOException resetWas;
  private volatile boolean answersAnEnd;

  ResetChecks(ScenarioResult result) {
    this.result = result;
  }

  /**
   * Reads by Sluice what a stream has left that gets reset: after it nothing but an exception is a
   * truthful answer.
   */
  void owedToSluice(FileChannel scratch, BooleanSupplier isReset) {
    boolean blocks = result.scenario().channels().sourceBlocks();
    for (int zeros = 0; zeros < (blocks ? 1 : 20); ) {
      try {
        boolean wasReset = isReset.getAsBoolean();
        long moved = Sluice.transfer(result.source(), scratch, 1 << 20);
        readAfterwards += moved;
        zeros += moved == 0 && (blocks || wasReset) ? 1 : 0;
      } catch (IOException e) {
        ReportedResult told = ReportedResult.thrown(1 << 20, e);
        readAfterwards += told.moved() + told.stranded();
        resetWas = e;
        return;
      }
    }
    answersAnEnd = true;
  }

  /** Checks the ending of {@link #owedToSluice}. */
  void owed() throws RuleViolation {
    check(
        !answersAnEnd || hasToldReset(),
        Rule.OWED,
        "the source was reset, and after "
            + readAfterwards
            + " bytes more Sluice answers 0, as at an end: "
            + result.told());
    IOException reset = resetWas;
    check(
        reset == null
            || hasFailed()
            || ReportedResult.thrown(0, reset).isFailure(SOCKET, RESET_OF_READ),
        Rule.REASON,
        reset,
        "after a reset the next call threw " + reset + ": " + result.told());
  }

  long readAfterwards() {
    return readAfterwards;
  }

  private boolean hasFailed() {
    return result.failed() != null;
  }

  boolean hasToldReset() {
    return resetWas != null || hasFailed();
  }
}

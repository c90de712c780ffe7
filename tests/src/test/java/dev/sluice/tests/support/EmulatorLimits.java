package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Skips what {@code qemu-user} cannot show, with the reason. Such a test has met an answer of the
 * emulator that no kernel gives. Only the suites under emulation load this extension.
 */
public final class EmulatorLimits implements TestExecutionExceptionHandler {
  private static final boolean IS_EMULATED = Boolean.getBoolean("dev.sluice.tests.emulated");

  /** What the message of such a failure has in it, and the reason. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "(ENOMEM in mremap)",
          "qemu-user refuses mremap of a size of 0, by which a buffer gets addresses of its own");

  /** Skips the cases of an implementation that the emulator does not serve. */
  public static void assumeServes(Implementation implementation) {
    assumeFalse(
        IS_EMULATED && implementation == Implementation.DIRECT_IO,
        "qemu-user leaves out what statx tells of the alignment of direct I/O");
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable e) throws Throwable {
    if (IS_EMULATED) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        for (Map.Entry<String, String> limit : LIMITS.entrySet()) {
          if (String.valueOf(each.getMessage()).contains(limit.getKey())) {
            throw new TestAbortedException(limit.getValue(), e);
          }
        }
      }
    }
    throw e;
  }
}

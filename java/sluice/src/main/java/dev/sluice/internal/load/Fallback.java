package dev.sluice.internal.load;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells once that the drop-in methods call the JDK's own, because the native library is not loaded.
 * A program that never calls them is told nothing.
 */
public final class Fallback {
  private static final String LOGGER = "dev.sluice";

  private static final AtomicBoolean IS_TOLD = new AtomicBoolean();

  private Fallback() {}

  /**
   * Logs the cause, if there is one, at the first call alone. Nothing is thrown, whatever the
   * logger does.
   */
  public static void tell() {
    if (IS_TOLD.get()) {
      return;
    }
    Throwable cause = NativeLoader.unavailabilityCause();
    if (cause == null || IS_TOLD.getAndSet(true)) {
      return;
    }
    try {
      Logger logger = System.getLogger(LOGGER);
      logger.log(
          level(cause),
          "Sluice's native library is not loaded, and the JDK's own methods are called: "
              + cause.getMessage());
    } catch (RuntimeException | Error e) {
      // A transfer does not fail because a program's logger does.
    }
  }

  /** Where the jar was not made for the platform, nothing is to be repaired. */
  private static Level level(Throwable cause) {
    return cause instanceof UnsupportedPlatformException ? Level.INFO : Level.WARNING;
  }
}

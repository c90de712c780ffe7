package dev.sluice.internal.jdk;

import java.io.IOException;

/** Turns a {@code Throwable} of a method handle into an exception that the caller may throw. */
public final class Rethrow {
  private Rethrow() {}

  /** Answers an {@code IOException}, and throws anything else. */
  public static IOException io(Throwable e) {
    if (e instanceof IOException io) {
      return io;
    }
    throw unchecked(e);
  }

  /**
   * For a call that declares no checked exception: answers a {@code RuntimeException}, and throws
   * an {@code Error}.
   */
  public static RuntimeException unchecked(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}

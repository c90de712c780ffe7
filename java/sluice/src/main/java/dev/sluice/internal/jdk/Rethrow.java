package dev.sluice.internal.jdk;

import java.io.IOException;

/** What a call through a method handle throws, as what it is. */
final class Rethrow {
  private Rethrow() {}

  /** An {@code IOException} is answered; anything else is thrown. */
  static IOException io(Throwable e) {
    if (e instanceof IOException io) {
      return io;
    }
    throw unchecked(e);
  }

  /** Of what declares no exception: a {@code RuntimeException} is answered, an error thrown. */
  static RuntimeException unchecked(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}

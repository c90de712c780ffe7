package dev.sluice.internal.channel;

import java.io.IOException;

/** Ends a transfer that waits for its turn when one of its {@link Limits} is met. */
public final class LimitMetException extends IOException {
  private static final long serialVersionUID = 1;

  LimitMetException() {
    super("a limit of the transfer was met");
  }
}

package dev.sluice.internal.load;

import java.io.IOException;

/** The jar was not made for this platform: nothing is broken. */
final class UnsupportedPlatformException extends IOException {
  private static final long serialVersionUID = 1;

  UnsupportedPlatformException(String message) {
    super(message);
  }
}

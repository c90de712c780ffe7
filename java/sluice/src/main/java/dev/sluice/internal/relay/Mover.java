package dev.sluice.internal.relay;

import java.io.IOException;

/** Moves the bytes of one way of a relay, by one turn a call, and waits for nothing. */
interface Mover {
  /**
   * Moves bytes for one turn.
   *
   * @return what the next turn needs
   * @throws java.nio.channels.ClosedChannelException if a channel is closed, or the target's output
   *     shut down
   * @throws IOException if a connection is broken
   */
  Need move() throws IOException;

  /**
   * Looks whether the target's connection is broken, where no event would tell it.
   *
   * @throws IOException if it is
   */
  void probeTarget() throws IOException;

  /**
   * Looks whether the source's connection is broken, where its own output was shut down.
   *
   * @throws IOException if it is
   */
  void probeSource() throws IOException;

  /** The bytes that the target has taken so far. Any thread may ask. */
  long moved();

  /** Whether both channels are open, and the target's output is. */
  boolean areOpen();

  /**
   * Gives up the bytes that the source has given and the target has not taken.
   *
   * @return how many bytes they are
   */
  long strand();
}

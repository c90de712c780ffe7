package dev.sluice.internal.relay;

/** What one way of a relay needs before it can go on. */
enum Need {
  /** Bytes of its source, or its end. */
  SOURCE,
  /** Room in its target. */
  TARGET,
  /** Another thread reads the source or writes the target just now. */
  TURN,
  /** Nothing: it goes on when the other relays had their turns. */
  NOTHING,
  /** It has ended: the source has, and the target has taken all bytes. */
  END
}

package dev.sluice.internal.boundary;

/** The numbers of mechanisms that the classes know by name. */
public final class Mechanisms {
  /** The ladder, which falls back where an exact mechanism refuses. */
  public static final int AUTO = 0;

  /** The mechanism that serves channels without a descriptor as well. */
  public static final int READ_WRITE = 1;

  private Mechanisms() {}
}

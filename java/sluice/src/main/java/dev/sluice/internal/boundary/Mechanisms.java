package dev.sluice.internal.boundary;

import java.util.List;

/** The numbers and names of the mechanisms. The classes of the library use two of the numbers. */
public final class Mechanisms {
  /** The names of all mechanisms, in the order of their numbers. */
  public static final List<String> NAMES =
      List.of(
          "AUTO",
          "READ_WRITE",
          "MMAP_WRITE",
          "SENDFILE",
          "SPLICE",
          "COPY_FILE_RANGE",
          "REFLINK",
          "DIRECT_IO");

  /** The ladder, which falls back where an exact mechanism refuses. */
  public static final int AUTO = 0;

  /** The mechanism that serves channels without a descriptor as well. */
  public static final int READ_WRITE = 1;

  private Mechanisms() {}
}

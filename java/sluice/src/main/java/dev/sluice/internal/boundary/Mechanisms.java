package dev.sluice.internal.boundary;

/** The numbers of the mechanisms that the classes know by name. */
public final class Mechanisms {
  /** The ladder, which falls back where an exact mechanism refuses. */
  public static final int AUTO = 0;

  /** The mechanism that serves channels without a descriptor as well. */
  public static final int READ_WRITE = 1;

  /** {@code sendfile(2)}. */
  public static final int SENDFILE = 3;

  /** {@code splice(2)}. */
  public static final int SPLICE = 4;

  /** {@code read(2)} and {@code write(2)} by {@code O_DIRECT}. */
  public static final int DIRECT_IO = 7;

  private static final String TABLE = "mechanism";

  private Mechanisms() {}

  /** How many there are. */
  public static int count() {
    return SharedTables.size(TABLE);
  }

  /** The name of one. Without the native library there is {@link #READ_WRITE} alone. */
  public static String name(int number) {
    return number == READ_WRITE ? "READ_WRITE" : SharedTables.name(TABLE, number);
  }
}

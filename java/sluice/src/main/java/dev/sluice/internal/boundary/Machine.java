package dev.sluice.internal.boundary;

/**
 * What differs from processor to processor. The library tells it of the processor that it was built
 * for, and so of the processor that runs this JVM. The property {@code os.arch} can be set to
 * anything.
 */
public final class Machine {
  /** The bit of {@code O_DIRECT} among a descriptor's flags. */
  public static final int O_DIRECT = number("O_DIRECT");

  /**
   * Whether the processor shows every other processor stores in their order, and makes loads in
   * their order, as x86-64 does.
   */
  public static final boolean KEEPS_ORDER = number("KEEPS_ORDER") != 0;

  private Machine() {}

  /** Reads the numbers, when this class is initialised for it. */
  static void ensureRead() {}

  private static int number(String name) {
    return SharedTables.number("machine", name);
  }
}

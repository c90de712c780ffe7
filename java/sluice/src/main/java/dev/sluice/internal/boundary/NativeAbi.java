package dev.sluice.internal.boundary;

/**
 * The number of the boundary's shape. This class and its native keep their names for good: by them
 * a library of another version tells its number.
 */
public final class NativeAbi {
  /** The ABI number that these classes were compiled against. */
  public static final int ABI = 14;

  private NativeAbi() {}

  /** The ABI number of the loaded library. */
  public static int abi() {
    return abi0();
  }

  private static native int abi0();
}

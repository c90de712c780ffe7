package dev.sluice.internal.boundary;

/** The version of the boundary between the classes and the native library. */
public final class NativeAbi {
  /** The ABI number that these classes were compiled against. */
  public static final int ABI = 8;

  private NativeAbi() {}

  /** The ABI number of the loaded library. */
  public static int abi() {
    return abi0();
  }

  private static native int abi0();
}

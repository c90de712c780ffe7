package dev.sluice.internal.boundary;

/** The shape of the boundary. */
public final class NativeAbi {
  /** The shape of the boundary these classes were compiled against; the library answers its own. */
  public static final int ABI = 8;

  private NativeAbi() {}

  /** The shape of the boundary that the loaded library has. */
  public static int abi() {
    return abi0();
  }

  private static native int abi0();
}

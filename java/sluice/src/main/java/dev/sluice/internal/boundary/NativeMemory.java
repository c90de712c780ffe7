package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;

/** Natives that take addresses of memory. */
public final class NativeMemory {
  /** The answer of an exchange that found another value than the expected one. */
  public static final int OTHER_VALUE = 0;

  /** The answer of an exchange that was made. */
  public static final int EXCHANGED = 1;

  /** The answer of an exchange whose page is not there. */
  public static final int PAGE_GONE = 2;

  /** The answer of an exchange that was not made, because the native code cannot guard it. */
  public static final int UNGUARDED = 3;

  private NativeMemory() {}

  /**
   * Exchanges four aligned bytes if they have the expected value.
   *
   * @return {@link #EXCHANGED}, {@link #OTHER_VALUE}, {@link #PAGE_GONE} or {@link #UNGUARDED}
   */
  public static int exchange(long address, int expected, int value) {
    return exchangeInt0(address, expected, value);
  }

  /**
   * Exchanges eight aligned bytes if they have the expected value.
   *
   * @return {@link #EXCHANGED}, {@link #OTHER_VALUE}, {@link #PAGE_GONE} or {@link #UNGUARDED}
   */
  public static int exchange(long address, long expected, long value) {
    return exchangeLong0(address, expected, value);
  }

  /**
   * Does nothing. Since JDK 21 HotSpot throws a pending error of a page in a mapping when a native
   * returns.
   */
  public static void returnToJava() {
    returnToJava0();
  }

  /** The address of a direct buffer's first byte. */
  public static long address(ByteBuffer buffer) {
    return address0(buffer);
  }

  /**
   * A direct buffer over a part of a mapping. The caller keeps the part mapped while the buffer is
   * used.
   */
  public static ByteBuffer buffer(long address, int length) {
    return buffer0(address, length);
  }

  private static native long address0(ByteBuffer buffer);

  private static native ByteBuffer buffer0(long address, int length);

  private static native int exchangeInt0(long address, int expected, int value);

  private static native int exchangeLong0(long address, long expected, long value);

  private static native void returnToJava0();
}

package dev.sluice.internal.boundary;

import java.nio.ByteBuffer;

/** Natives on plain addresses. */
public final class NativeMemory {
  /** Of an exchange: another value is there. */
  public static final int OTHER_VALUE = 0;

  /** Of an exchange: it is done. */
  public static final int EXCHANGED = 1;

  /** Of an exchange: the page is not there. */
  public static final int PAGE_GONE = 2;

  /** Of an exchange: it is not done here, for no guard can be had. */
  public static final int UNGUARDED = 3;

  private NativeMemory() {}

  /** Exchanges four aligned bytes: {@link #OTHER_VALUE} and its kin. */
  public static int exchange(long address, int expected, int value) {
    return exchangeInt0(address, expected, value);
  }

  /** The same of eight. */
  public static int exchange(long address, long expected, long value) {
    return exchangeLong0(address, expected, value);
  }

  /** Does nothing. When a native returns, HotSpot throws what a thread is owed since JDK 21. */
  public static void returnToJava() {
    returnToJava0();
  }

  /** The address of a direct buffer. */
  public static long address(ByteBuffer buffer) {
    return address0(buffer);
  }

  /** A direct buffer over a part of a mapping, for whoever keeps that mapped meanwhile. */
  public static ByteBuffer buffer(long address, int length) {
    return buffer0(address, length);
  }

  private static native long address0(ByteBuffer buffer);

  private static native ByteBuffer buffer0(long address, int length);

  private static native int exchangeInt0(long address, int expected, int value);

  private static native int exchangeLong0(long address, long expected, long value);

  private static native void returnToJava0();
}

package dev.sluice.internal.boundary;

import java.nio.channels.Channel;

/**
 * Natives that read and set fields of the JDK's own channel objects, where the JDK's guards are not
 * used.
 */
public final class NativeChannel {
  /** A flag of {@link #flag}: the JDK made the descriptor non-blocking for virtual threads. */
  public static final int FORCED_NON_BLOCKING = 0;

  /** A flag of {@link #flag}: {@code shutdownOutput} was called. */
  public static final int OUTPUT_CLOSED = 1;

  /** A flag of {@link #flag}: the kernel has told a reset. */
  public static final int CONNECTION_RESET = 2;

  private NativeChannel() {}

  /** The number of a channel's descriptor, or -1 if it cannot be found. */
  public static int descriptor(Channel channel) {
    return descriptor0(channel);
  }

  /**
   * The value of a flag of one of the JDK's own sockets or pipes, from the JDK's own field.
   *
   * @return 1 or 0, or -1 if this JDK has no such field
   */
  public static int flag(Channel channel, int flag) {
    return flag0(channel, flag);
  }

  /**
   * Sets a flag of one of the JDK's own sockets or pipes.
   *
   * @return 1, or 0 if this JDK has no such field
   */
  public static int setFlag(Channel channel, int flag) {
    return setFlag0(channel, flag);
  }

  private static native int descriptor0(Channel channel);

  private static native int flag0(Channel channel, int flag);

  private static native int setFlag0(Channel channel, int flag);
}

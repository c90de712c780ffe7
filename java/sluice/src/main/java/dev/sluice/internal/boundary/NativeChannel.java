package dev.sluice.internal.boundary;

import java.nio.channels.Channel;

/** Natives that look into the JDK's own channel objects, where its guards are not used. */
public final class NativeChannel {
  /** For {@link #flag0}: the JDK made the descriptor non-blocking for virtual threads. */
  public static final int FORCED_NON_BLOCKING = 0;

  /** For {@link #flag0}: {@code shutdownOutput} was called. */
  public static final int OUTPUT_CLOSED = 1;

  /** For {@link #flag0}: the kernel has told a reset. */
  public static final int CONNECTION_RESET = 2;

  private NativeChannel() {}

  /** The number of a channel's descriptor, or -1. */
  public static int descriptor(Channel channel) {
    return descriptor0(channel);
  }

  /**
   * A flag of one of the JDK's own sockets or pipes, as its own field says: 1 or 0, or -1 where
   * this JDK has none.
   */
  public static int flag(Channel channel, int flag) {
    return flag0(channel, flag);
  }

  /** Sets such a flag, where this JDK has it: 1 or 0. */
  public static int setFlag(Channel channel, int flag) {
    return setFlag0(channel, flag);
  }

  private static native int descriptor0(Channel channel);

  private static native int flag0(Channel channel, int flag);

  private static native int setFlag0(Channel channel, int flag);
}

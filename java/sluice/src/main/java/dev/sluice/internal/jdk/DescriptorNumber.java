package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeChannel;
import java.nio.channels.Channel;

/**
 * The number of a channel's descriptor, by the field {@code fd} that each of the JDK's own channels
 * has. Channels that are not held by the JDK's guards are duplicated by it. Where a JDK has no such
 * field, these channels are left to NIO.
 */
public final class DescriptorNumber {
  private static final boolean IS_WITHHELD = Withheld.has("descriptors");

  private DescriptorNumber() {}

  /** The number, or -1 if the channel is closed or has no such field. */
  public static int of(Channel channel) {
    return IS_WITHHELD ? -1 : NativeChannel.descriptor(channel);
  }

  /** Whether a channel has a number. A channel that was closed has had one. */
  public static boolean isKnown(Channel channel) {
    return of(channel) >= 0 || !channel.isOpen();
  }
}

package dev.sluice.internal.channel;

import java.nio.channels.Channel;

/**
 * Whether a transfer may go on with a channel, as any thread may ask without waiting for another.
 * The {@link CloseWatcher} keeps this beside the channel, and not the {@link Endpoint}: an endpoint
 * that no other object refers to needs no memory of the heap.
 */
interface Usability {
  /** The channel is open. */
  Usability OPEN = Channel::isOpen;

  /** Whether the channel is open and, if bytes are written to it, its output is open as well. */
  boolean isUsable(Channel channel);
}

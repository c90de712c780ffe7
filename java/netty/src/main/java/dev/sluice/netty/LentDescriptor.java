package dev.sluice.netty;

import dev.sluice.DescriptorChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * The descriptor of a channel of Netty's epoll transport, lent to transfers in the channel's event
 * loop, which is also the only one to close it: so the number is the channel's own for as long as a
 * transfer runs. Netty's sockets are in non-blocking mode.
 */
abstract class LentDescriptor implements DescriptorChannel {
  final FileDescriptor descriptor;

  LentDescriptor(FileDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public final int acquireDescriptor() throws IOException {
    if (!descriptor.isOpen()) {
      throw new ClosedChannelException();
    }
    return descriptor.intValue();
  }

  @Override
  public final void releaseDescriptor(int acquired) {}

  @Override
  public final boolean isBlocking() {
    return false;
  }

  @Override
  public final boolean isOpen() {
    return descriptor.isOpen();
  }
}
